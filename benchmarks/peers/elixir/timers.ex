# How late sleeps end while one process never pauses.
defmodule Timers do
  import Support

  @spread_ms 5000

  def accuracy(n) do
    {sup, caller} = {supervisor(), self()}
    spans = :atomics.new(n, [])
    busy = child(sup, task(fn -> after_go(caller, &spin(&1 + native(@spread_ms))) end))

    sleepers =
      for i <- 1..n do
        sleep = fn start -> sleep_until(start + native(div(@spread_ms * i, n)), spans, i) end
        child(sup, task(fn -> after_go(caller, sleep) end))
      end

    await(:ready, n + 1)

    {_, report} =
      section(fn ->
        start = System.monotonic_time()
        for pid <- [busy | sleepers], do: send(pid, {:go, start})
        await(:done, n + 1)
      end)

    percentiles(report, samples(spans, n))
  end

  defp after_go(caller, body) do
    send(caller, :ready)

    receive do
      {:go, start} -> body.(start)
    end

    send(caller, :done)
  end

  # Rounded up: no sleep ends early.
  defp sleep_until(due, spans, i) do
    left = due - System.monotonic_time() + native(1) - 1
    Process.sleep(max(0, div(left, native(1))))
    :atomics.put(spans, i, max(1, System.monotonic_time() - due))
  end

  defp spin(until), do: if(System.monotonic_time() < until, do: spin(until))

  defp native(ms), do: System.convert_time_unit(ms, :millisecond, :native)
end

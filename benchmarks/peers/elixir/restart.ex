# From a failure to the next attempt's first line.
defmodule Restart do
  import Support

  def one(n, args) do
    fail_often(warm_up(args))
    {spans, report} = section(fn -> fail_often(n) end)
    percentiles(report, samples(spans, n))
  end

  defp fail_often(n) do
    {sup, caller} = {supervisor(), self()}
    # The last item counts the attempts.
    spans = :atomics.new(n + 1, [])
    child(sup, task(fn -> failing(n, caller, spans) end, restart: :transient))
    await(:done, 1)
    check("attempts", :atomics.get(spans, n + 1), n + 1)
    spans
  end

  defp failing(n, caller, spans) do
    attempt = :atomics.add_get(spans, n + 1, 1)
    if attempt > 1, do: settle(spans, attempt - 1)
    if attempt <= n, do: fail(spans, attempt)
    send(caller, :done)
  end

  def storm(n, 0) do
    {sup, caller} = {supervisor(), self()}
    spans = :atomics.new(n, [])

    pids =
      repeat(n, fn i ->
        child(sup, task(fn -> stormy(i, caller, spans) end, restart: :transient))
      end)

    await(:ready, n)

    {_, report} =
      section(fn ->
        Enum.each(pids, &send(&1, :go))
        await(:running, n)
      end)

    percentiles(report, samples(spans, n))
  end

  def storm(_, _), do: absent("a supervisor has no backoff")

  defp stormy(i, caller, spans) do
    if :atomics.get(spans, i) == 0 do
      send(caller, :ready)
      await(:go, 1)
      fail(spans, i)
    else
      settle(spans, i)
      send(caller, :running)
      sleep_for_a_day()
    end
  end
end

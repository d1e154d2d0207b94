# What the workloads share, on top of ../otp/protocol.erl.
defmodule Support do
  @day :timer.hours(24)

  # The intensity never trips. It counts over the shortest period, because all
  # restarts of the period are looked through at each of them.
  def supervisor do
    {:ok, sup} =
      DynamicSupervisor.start_link(
        strategy: :one_for_one,
        max_restarts: 1_000_000_000,
        max_seconds: 1
      )

    sup
  end

  def child(sup, spec) do
    {:ok, pid} = DynamicSupervisor.start_child(sup, spec)
    pid
  end

  # A Task is temporary unless the options say otherwise.
  def task(body, options \\ []), do: Supervisor.child_spec({Task, body}, options)

  # No stop is cut short.
  def idle_task(idle) do
    task(fn -> idle_for_a_day(idle) end, shutdown: 600_000)
  end

  defp idle_for_a_day(idle) do
    :counters.add(idle, 1, 1)
    Process.sleep(@day)
  end

  def sleep_for_a_day, do: Process.sleep(@day)

  def counter, do: :counters.new(1, [:write_concurrency])

  def all_idle(idle, n) do
    if :counters.get(idle, 1) != n do
      Process.sleep(1)
      all_idle(idle, n)
    end
  end

  def fail(spans, i) do
    :atomics.put(spans, i, System.monotonic_time())
    exit(:as_asked)
  end

  def settle(spans, i) do
    :atomics.put(spans, i, System.monotonic_time() - :atomics.get(spans, i))
  end

  def samples(spans, n) do
    samples = for i <- 1..n, do: :atomics.get(spans, i)
    check("restarts without a failure", Enum.filter(samples, &(&1 < 0)), [])
    samples
  end

  def await(_what, 0), do: :ok

  def await(what, n) do
    receive do
      ^what -> await(what, n - 1)
    end
  end

  def repeat(0, _run), do: []
  def repeat(n, run), do: for(i <- 1..n, do: run.(i))

  def timed(run) do
    begin = System.monotonic_time()
    run.()
    System.monotonic_time() - begin
  end

  def section(run), do: :protocol.section(run)
  def percentiles(report, samples), do: :protocol.percentiles(samples, report)
  def check(what, got, expected), do: :protocol.check(what, got, expected)
  def unknown(what), do: :protocol.unknown(what)
  def absent(why), do: :protocol.absent(why)
  def warm_up(args), do: :protocol.warm_up(args)
  def count(args, key, otherwise), do: :protocol.count(to_charlist(key), args, otherwise)

  def text(args, key, otherwise) do
    to_string(:protocol.text(to_charlist(key), args, otherwise))
  end
end

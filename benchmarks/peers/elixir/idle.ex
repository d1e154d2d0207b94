defmodule IdleServer do
  use GenServer, restart: :temporary, shutdown: 600_000

  def start_link({idle, options}), do: GenServer.start_link(__MODULE__, idle, options)

  @impl true
  def init(idle) do
    :counters.add(idle, 1, 1)
    {:ok, idle}
  end
end

# Tasks that idle: adding, holding, listing, cancelling, shutting down.
defmodule Idle do
  import Support

  def add_single(n, threads) do
    {idle, sup, caller} = {counter(), supervisor(), self()}
    spec = idle_task(idle)
    add = fn _ -> timed(fn -> child(sup, spec) end) end
    shares = for t <- 1..threads, do: div(n, threads) + if(t <= rem(n, threads), do: 1, else: 0)

    {samples, report} =
      section(fn ->
        for share <- shares do
          spawn_link(fn -> send(caller, {:samples, repeat(share, add)}) end)
        end

        Enum.flat_map(shares, fn _ ->
          receive do
            {:samples, samples} -> samples
          end
        end)
      end)

    all_idle(idle, n)
    percentiles(report, samples)
  end

  def idle(n, "coroutine"), do: idle_of(n, &idle_task/1)
  def idle(n, "actor"), do: idle_of(n, &{IdleServer, {&1, []}})
  def idle(_, body), do: absent("no body=" <> body)

  defp idle_of(n, spec_of) do
    {idle, sup} = {counter(), supervisor()}
    spec = spec_of.(idle)
    before = :protocol.resident()

    {_, report} =
      section(fn ->
        Enum.each(1..n, fn _ -> child(sup, spec) end)
        all_idle(idle, n)
      end)

    :protocol.per_item(before, n, report)
  end

  defp add_idle(n) do
    {idle, sup} = {counter(), supervisor()}
    spec = idle_task(idle)
    pids = repeat(n, fn _ -> child(sup, spec) end)
    all_idle(idle, n)
    {sup, pids}
  end

  def shutdown(n) do
    {sup, pids} = add_idle(n)
    {_, report} = section(fn -> DynamicSupervisor.stop(sup) end)
    check("left", Enum.filter(pids, &Process.alive?/1), [])
    report
  end

  def cancel(n) do
    {sup, pids} = add_idle(n)
    refs = Enum.map(pids, &Process.monitor/1)

    {_, report} =
      section(fn ->
        for pid <- pids, do: :ok = DynamicSupervisor.terminate_child(sup, pid)

        for ref <- refs do
          receive do
            {:DOWN, ^ref, :process, _, reason} -> check("end", reason, :shutdown)
          end
        end
      end)

    report
  end

  def list(n) do
    {sup, _} = add_idle(n)
    list = fn _ -> check("listed", length(DynamicSupervisor.which_children(sup)), n) end
    {_, report} = section(fn -> repeat(20, list) end)
    %{ops: 20} |> Map.merge(report)
  end

  # A Registry keeps the names, as the documentation of DynamicSupervisor has it.
  def by_name(n) do
    {idle, sup} = {counter(), supervisor()}
    {:ok, _} = Registry.start_link(keys: :unique, name: Names)

    for i <- 1..n do
      child(sup, {IdleServer, {idle, name: {:via, Registry, {Names, "t#{i}"}}}})
    end

    times = min(1000, n)

    one = fn i ->
      name = "t#{i * div(n, times)}"

      timed(fn ->
        [{pid, _}] = Registry.lookup(Names, name)
        :ok = DynamicSupervisor.terminate_child(sup, pid)
      end)
    end

    {samples, report} = section(fn -> repeat(times, one) end)
    check("left", DynamicSupervisor.count_children(sup).active, n - times)
    %{ops: times} |> Map.merge(report) |> percentiles(samples)
  end
end

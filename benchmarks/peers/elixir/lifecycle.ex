# One-shot tasks: added one by one, at most `window` outstanding.
defmodule Lifecycle do
  import Support

  def window(window, n, args) do
    if count(args, "subscribers", 0) != 0, do: absent("a supervisor publishes no events")
    if text(args, "api", "handle") != "handle", do: absent("no call that runs a batch")
    {ran, sup} = {counter(), supervisor()}
    spec = instant_task(ran)
    outcomes(sup, spec, window, warm_up(args), 0)
    {_, report} = section(fn -> outcomes(sup, spec, window, n, 0) end)
    check("tasks that ran", :counters.get(ran, 1), warm_up(args) + n)
    report
  end

  def single(n, args) do
    {ran, sup} = {counter(), supervisor()}
    spec = instant_task(ran)
    one = fn _ -> timed(fn -> outcomes(sup, spec, 1, 1, 0) end) end
    repeat(warm_up(args), one)
    {samples, report} = section(fn -> repeat(n, one) end)
    check("tasks that ran", :counters.get(ran, 1), warm_up(args) + n)
    percentiles(report, samples)
  end

  defp instant_task(ran), do: task(fn -> :counters.add(ran, 1, 1) end)

  defp outcomes(_sup, _spec, _window, 0, 0), do: :ok

  defp outcomes(sup, spec, window, to_add, outstanding)
       when to_add > 0 and outstanding < window do
    Process.monitor(child(sup, spec))
    outcomes(sup, spec, window, to_add - 1, outstanding + 1)
  end

  defp outcomes(sup, spec, window, to_add, outstanding) do
    # The task may be over before the monitor is set.
    receive do
      {:DOWN, _, :process, _, reason} -> check("end", reason in [:normal, :noproc], true)
    end

    outcomes(sup, spec, window, to_add, outstanding - 1)
  end
end

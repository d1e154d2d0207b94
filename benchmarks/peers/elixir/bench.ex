# The benchmark protocol on Elixir's DynamicSupervisor.
defmodule Bench do
  import Support

  def main(words) do
    # as if nobody wanted the reports
    :logger.set_primary_config(:level, :none)
    args = words |> Enum.map(&to_charlist/1) |> :protocol.parse()
    report = run(to_string(args.workload), args.n, args)
    :protocol.print("elixir", args, report)
    System.halt(0)
  end

  defp run("lifecycle_batch", n, args), do: Lifecycle.window(n, n, args)
  defp run("lifecycle_window", n, args), do: Lifecycle.window(1000, n, args)
  defp run("lifecycle_single", n, args), do: Lifecycle.single(n, args)
  defp run("add_single", n, args), do: Idle.add_single(n, count(args, "threads", 1))
  defp run("idle", n, args), do: Idle.idle(n, text(args, "body", "coroutine"))
  defp run("shutdown", n, _), do: Idle.shutdown(n)
  defp run("cancel", n, _), do: Idle.cancel(n)
  defp run("list", n, _), do: Idle.list(n)
  defp run("by_name", n, _), do: Idle.by_name(n)
  defp run("restart_one", n, args), do: Restart.one(n, args)
  defp run("restart_storm", n, args), do: Restart.storm(n, count(args, "backoff_ms", 0))
  defp run("fan_out", n, args), do: FanOut.fan_out(n, count(args, "subscribers", 1))
  defp run("timer_accuracy", n, _), do: Timers.accuracy(n)
  defp run(other, _, _), do: unknown("not a workload here: " <> other)
end

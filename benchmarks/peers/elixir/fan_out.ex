# The publisher and subscribers of Registry's documentation.
defmodule FanOut do
  import Support

  def fan_out(n, subscribers) do
    {:ok, _} = Registry.start_link(keys: :duplicate, name: Topics)
    caller = self()
    for _ <- 1..subscribers, do: spawn_link(fn -> subscriber(n, caller) end)
    await(:ready, subscribers)

    {_, report} =
      section(fn ->
        Enum.each(1..n, &publish({:event, &1}))
        await(:seen_all, subscribers)
      end)

    report
  end

  defp publish(event) do
    Registry.dispatch(Topics, "events", fn entries ->
      for {pid, _} <- entries, do: send(pid, event)
    end)
  end

  defp subscriber(n, caller) do
    {:ok, _} = Registry.register(Topics, "events", [])
    send(caller, :ready)
    count_events(n)
    send(caller, :seen_all)
    sleep_for_a_day()
  end

  defp count_events(0), do: :ok

  defp count_events(n) do
    receive do
      {:event, _} -> count_events(n - 1)
    end
  end
end

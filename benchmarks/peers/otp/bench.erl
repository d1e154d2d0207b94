%% The benchmark protocol on OTP's supervisor.
-module(bench).
-export([main/0]).

-import(protocol, [count/3, text/3, warm_up/1, check/3, section/1, percentiles/2]).
-import(protocol, [unknown/1, absent/1]).

main() ->
    logger:set_primary_config(level, none), % as if nobody wanted the reports
    Args = protocol:parse(init:get_plain_arguments()),
    protocol:print("otp", Args, run(maps:get(workload, Args), maps:get(n, Args), Args)),
    halt(0).

run("lifecycle_batch", N, Args) -> lifecycle(N, N, Args);
run("lifecycle_window", N, Args) -> lifecycle(1000, N, Args);
run("lifecycle_single", N, Args) -> lifecycle_single(N, Args);
run("add_single", N, Args) -> add_single(N, count("threads", Args, 1));
run("idle", N, Args) -> idle(N, text("body", Args, "coroutine"));
run("shutdown", N, _) -> shutdown(N);
run("cancel", N, _) -> cancel(N);
run("restart_one", N, Args) -> restart_one(N, Args);
run("restart_storm", N, Args) -> restart_storm(N, count("backoff_ms", Args, 0));
run("fan_out", N, Args) -> fan_out(N, count("subscribers", Args, 1));
run("timer_accuracy", N, _) -> timer_accuracy(N);
run("list", N, _) -> list(N);
run("by_name", N, _) -> by_name(N);
run(Other, _, _) -> unknown("not a workload here: " ++ Other).

%% One-shot tasks: added one by one, at most Window outstanding.

lifecycle(Window, N, Args) ->
    count("subscribers", Args, 0) =:= 0 orelse absent("a supervisor publishes no events"),
    text("api", Args, "handle") =:= "handle" orelse absent("no call that runs a batch"),
    Ran = counters:new(1, [write_concurrency]),
    Sup = dynamic_sup:start(temporary, {tasks, start_instant, [Ran]}),
    outcomes(Sup, Window, warm_up(Args), 0),
    {_, Report} = section(fun() -> outcomes(Sup, Window, N, 0) end),
    check("tasks that ran", counters:get(Ran, 1), warm_up(Args) + N),
    Report.

outcomes(_Sup, _Window, 0, 0) -> ok;
outcomes(Sup, Window, ToAdd, Outstanding) when ToAdd > 0, Outstanding < Window ->
    monitor(process, dynamic_sup:child(Sup, [])),
    outcomes(Sup, Window, ToAdd - 1, Outstanding + 1);
outcomes(Sup, Window, ToAdd, Outstanding) ->
    outcome(),
    outcomes(Sup, Window, ToAdd, Outstanding - 1).

%% The task may be over before the monitor is set.
outcome() ->
    receive {'DOWN', _, process, _, Reason} ->
        Reason =:= normal orelse Reason =:= noproc orelse protocol:wrong("~p", [Reason])
    end.

lifecycle_single(N, Args) ->
    Ran = counters:new(1, [write_concurrency]),
    Sup = dynamic_sup:start(temporary, {tasks, start_instant, [Ran]}),
    One = fun(_) -> timed(fun() -> outcomes(Sup, 1, 1, 0) end) end,
    repeat(One, warm_up(Args)),
    {Samples, Report} = section(fun() -> repeat(One, N) end),
    check("tasks that ran", counters:get(Ran, 1), warm_up(Args) + N),
    percentiles(Samples, Report).

%% Idle tasks.

idle_sup() -> idle_sup(start_idle).

idle_sup(Start) ->
    Idle = counters:new(1, [write_concurrency]),
    {dynamic_sup:start(temporary, {tasks, Start, [Idle]}), Idle}.

add_idle(N) ->
    {Sup, Idle} = idle_sup(),
    Pids = repeat(fun(_) -> dynamic_sup:child(Sup, []) end, N),
    all_idle(Idle, N),
    {Sup, Pids}.

all_idle(Idle, N) ->
    case counters:get(Idle, 1) of
        N -> ok;
        _ -> receive after 1 -> all_idle(Idle, N) end
    end.

add_single(N, Threads) ->
    {Sup, Idle} = idle_sup(),
    Caller = self(),
    One = fun(_) -> timed(fun() -> dynamic_sup:child(Sup, []) end) end,
    Add = fun(Share) -> Caller ! {samples, repeat(One, Share)} end,
    Shares = [N div Threads + (if T =< N rem Threads -> 1; true -> 0 end)
              || T <- lists:seq(1, Threads)],
    {Samples, Report} = section(fun() ->
        [spawn_link(fun() -> Add(Share) end) || Share <- Shares],
        lists:append([receive {samples, Some} -> Some end || _ <- Shares])
    end),
    all_idle(Idle, N),
    percentiles(Samples, Report).

idle(N, "coroutine") -> idle(N, start_idle);
idle(N, "actor") -> idle(N, start_server);
idle(_, Body) when is_list(Body) -> absent("no body=" ++ Body);
idle(N, Start) ->
    {Sup, Idle} = idle_sup(Start),
    Before = protocol:resident(),
    {_, Report} = section(fun() ->
        lists:foreach(fun(_) -> dynamic_sup:child(Sup, []) end, lists:seq(1, N)),
        all_idle(Idle, N)
    end),
    protocol:per_item(Before, N, Report).

shutdown(N) ->
    {Sup, Pids} = add_idle(N),
    {Reason, Report} = section(fun() -> dynamic_sup:stop(Sup) end),
    check("end of the supervisor", Reason, shutdown),
    check("left", [Pid || Pid <- Pids, is_process_alive(Pid)], []),
    Report.

cancel(N) ->
    {Sup, Pids} = add_idle(N),
    Refs = [monitor(process, Pid) || Pid <- Pids],
    {_, Report} = section(fun() ->
        [ok = supervisor:terminate_child(Sup, Pid) || Pid <- Pids],
        [receive {'DOWN', Ref, process, _, Reason} -> check("end", Reason, shutdown) end
         || Ref <- Refs]
    end),
    Report.

list(N) ->
    {Sup, _} = add_idle(N),
    List = fun(_) -> check("listed", length(supervisor:which_children(Sup)), N) end,
    {_, Report} = section(fun() -> repeat(List, 20) end),
    Report#{ops => 20}.

%% Names are the ids of one_for_one children.
by_name(N) ->
    Idle = counters:new(1, [write_concurrency]),
    Sup = dynamic_sup:start_one_for_one(),
    Spec = fun(I) -> #{id => name(I), start => {tasks, start_idle, [Idle]},
                       restart => temporary} end,
    lists:foreach(fun(I) -> {ok, _} = supervisor:start_child(Sup, Spec(I)) end,
        lists:seq(1, N)),
    all_idle(Idle, N),
    Times = min(1000, N),
    One = fun(I) ->
        Name = name(I * (N div Times)),
        timed(fun() -> ok = supervisor:terminate_child(Sup, Name) end)
    end,
    {Samples, Report} = section(fun() -> repeat(One, Times) end),
    check("left", proplists:get_value(active, supervisor:count_children(Sup)), N - Times),
    percentiles(Samples, Report#{ops => Times}).

name(I) -> <<"t", (integer_to_binary(I))/binary>>.

%% Restarts.

restart_one(N, Args) ->
    fail_often(warm_up(Args)),
    {Spans, Report} = section(fun() -> fail_often(N) end),
    percentiles(samples(Spans, N), Report).

fail_often(N) ->
    Spans = atomics:new(N + 1, []),
    Sup = dynamic_sup:start(transient, {tasks, start_failing, [N, self(), Spans]}),
    dynamic_sup:child(Sup, []),
    receive done -> ok end,
    check("attempts", atomics:get(Spans, N + 1), N + 1),
    Spans.

restart_storm(N, 0) ->
    Spans = atomics:new(N, []),
    Sup = dynamic_sup:start(transient, {tasks, start_stormy, []}),
    Pids = [dynamic_sup:child(Sup, [I, self(), Spans]) || I <- lists:seq(1, N)],
    await(ready, N),
    {_, Report} = section(fun() ->
        [Pid ! go || Pid <- Pids],
        await(running, N)
    end),
    percentiles(samples(Spans, N), Report);
restart_storm(_, _) -> absent("a supervisor has no backoff").

samples(Spans, N) ->
    Samples = [atomics:get(Spans, I) || I <- lists:seq(1, N)],
    check("restarts without a failure", [S || S <- Samples, S < 0], []),
    Samples.

%% gen_event runs its handlers in the manager's process.
fan_out(N, Subscribers) ->
    {ok, Manager} = gen_event:start_link(),
    [ok = gen_event:add_handler(Manager, {counting, S}, {N, self()})
     || S <- lists:seq(1, Subscribers)],
    {_, Report} = section(fun() ->
        lists:foreach(fun(I) -> gen_event:notify(Manager, {event, I}) end, lists:seq(1, N)),
        await(seen_all, Subscribers)
    end),
    Report.

timer_accuracy(N) ->
    Spans = atomics:new(N, []),
    Sleepers = dynamic_sup:start(temporary, {tasks, start_sleeper, []}),
    Busy = dynamic_sup:start(temporary, {tasks, start_busy, [self()]}),
    Pids = [dynamic_sup:child(Busy, []) |
            [dynamic_sup:child(Sleepers, [I, N, self(), Spans]) || I <- lists:seq(1, N)]],
    await(ready, N + 1),
    {_, Report} = section(fun() ->
        Begin = erlang:monotonic_time(),
        [Pid ! {go, Begin} || Pid <- Pids],
        await(done, N + 1)
    end),
    percentiles(samples(Spans, N), Report).

await(_, 0) -> ok;
await(What, N) -> receive What -> await(What, N - 1) end.

repeat(Do, N) -> [Do(I) || I <- lists:seq(1, N)].

timed(Do) ->
    Begin = erlang:monotonic_time(),
    Do(),
    erlang:monotonic_time() - Begin.

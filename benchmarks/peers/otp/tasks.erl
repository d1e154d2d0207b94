%% What the supervised children do.
-module(tasks).
-behaviour(gen_server).
-export([start_instant/1, start_idle/1, start_server/1, start_failing/3,
         start_stormy/3, start_sleeper/4, start_busy/1]).
-export([instant/1, idle/1, failing/3, stormy/3, sleeper/4, busy/1]).
-export([init/1, handle_call/3, handle_cast/2]).

-define(DAY, 24 * 3600 * 1000).

start_instant(Ran) -> {ok, proc_lib:spawn_link(?MODULE, instant, [Ran])}.
start_idle(Idle) -> {ok, proc_lib:spawn_link(?MODULE, idle, [Idle])}.
start_server(Idle) -> gen_server:start_link(?MODULE, Idle, []).
start_failing(N, Caller, Spans) ->
    {ok, proc_lib:spawn_link(?MODULE, failing, [N, Caller, Spans])}.
start_stormy(I, Caller, Spans) ->
    {ok, proc_lib:spawn_link(?MODULE, stormy, [I, Caller, Spans])}.
start_sleeper(I, N, Caller, Spans) ->
    {ok, proc_lib:spawn_link(?MODULE, sleeper, [I, N, Caller, Spans])}.
start_busy(Caller) -> {ok, proc_lib:spawn_link(?MODULE, busy, [Caller])}.

instant(Ran) -> counters:add(Ran, 1, 1).

idle(Idle) ->
    counters:add(Idle, 1, 1),
    receive after ?DAY -> ok end.

init(Idle) ->
    counters:add(Idle, 1, 1),
    {ok, Idle}.

handle_call(_, _, State) -> {reply, ok, State}.
handle_cast(_, State) -> {noreply, State}.

%% Item N + 1 of the spans counts the attempts.
failing(N, Caller, Spans) ->
    Attempt = atomics:add_get(Spans, N + 1, 1),
    Attempt > 1 andalso settle(Spans, Attempt - 1),
    Attempt > N orelse fail(Spans, Attempt),
    Caller ! done.

stormy(I, Caller, Spans) ->
    case atomics:get(Spans, I) of
        0 ->
            Caller ! ready,
            receive go -> fail(Spans, I) end;
        _ ->
            settle(Spans, I),
            Caller ! running,
            receive after ?DAY -> ok end
    end.

fail(Spans, I) ->
    atomics:put(Spans, I, erlang:monotonic_time()),
    exit(as_asked).

settle(Spans, I) ->
    atomics:put(Spans, I, erlang:monotonic_time() - atomics:get(Spans, I)).

sleeper(I, N, Caller, Spans) ->
    Caller ! ready,
    receive {go, Begin} ->
        Due = Begin + erlang:convert_time_unit(5000 * I div N, millisecond, native),
        receive after milliseconds(Due - erlang:monotonic_time()) -> ok end,
        atomics:put(Spans, I, max(1, erlang:monotonic_time() - Due)),
        Caller ! done
    end.

%% Rounded up: no sleep ends early.
milliseconds(Native) ->
    Unit = erlang:convert_time_unit(1, millisecond, native),
    max(0, (Native + Unit - 1) div Unit).

busy(Caller) ->
    Caller ! ready,
    receive {go, Begin} ->
        spin(Begin + erlang:convert_time_unit(5, second, native)),
        Caller ! done
    end.

spin(Until) ->
    erlang:monotonic_time() < Until andalso spin(Until).

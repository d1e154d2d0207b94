%% Arguments, the measured section, percentiles and the line of JSON.
-module(protocol).
-export([parse/1, text/3, count/3, warm_up/1, unknown/1, absent/1, wrong/2, check/3]).
-export([section/1, percentiles/2, per_item/3, resident/0, print/3]).

%% <workload> <n> [<key>=<value>]...
parse([Workload, N | Words]) ->
    #{workload => Workload, n => list_to_integer(N),
      params => [param(Word) || Word <- Words]};
parse(_) ->
    unknown("usage: run <workload> <n> [<key>=<value>]...").

-define(KEYS, ["api", "backoff_ms", "body", "kind", "policy", "slots", "subscribers",
               "threads"]).

param(Word) ->
    case string:split(Word, "=") of
        [Key, Value] ->
            lists:member(Key, ?KEYS) orelse unknown("not a known key: " ++ Key),
            {Key, Value};
        _ ->
            unknown("not <key>=<value>: " ++ Word)
    end.

text(Key, #{params := Params}, Otherwise) ->
    proplists:get_value(Key, Params, Otherwise).

count(Key, Args, Otherwise) ->
    list_to_integer(text(Key, Args, integer_to_list(Otherwise))).

warm_up(#{n := N}) -> min(N div 10, 1000).

%% What was asked is not of the protocol.
unknown(What) ->
    io:format(standard_error, "~s~n", [What]),
    halt(2).

%% These parameters have no counterpart.
absent(Why) ->
    io:format(standard_error, "~s~n", [Why]),
    halt(3).

wrong(Format, Values) ->
    io:format(standard_error, "wrong result: " ++ Format ++ "~n", Values),
    halt(1).

check(_What, Got, Got) -> ok;
check(What, Got, Expected) -> wrong("~s: ~p instead of ~p", [What, Got, Expected]).

%% Measures Run(): its result and what it took.
section(Run) ->
    Cpu = cpu(),
    Begin = erlang:monotonic_time(),
    Result = Run(),
    Wall = erlang:monotonic_time() - Begin,
    {Result, #{wall_s => seconds(Wall), cpu_s => cpu() - Cpu}}.

%% Samples are in native time units.
percentiles(Samples, Report) ->
    Sorted = list_to_tuple(lists:sort(Samples)),
    N = tuple_size(Sorted),
    At = fun(Q) -> seconds(element(min(N, trunc(N * Q) + 1), Sorted)) end,
    Report#{p50_s => At(0.5), p99_s => At(0.99)}.

per_item(Before, N, Report) ->
    Report#{bytes_per_item => max(0, resident() - Before) / N}.

resident() -> memory("VmRSS:").

print(Implementation, #{workload := Workload, n := N, params := Params}, Report) ->
    Fields = maps:merge(#{ops => N, peak_bytes => memory("VmHWM:")}, Report),
    io:format("{\"workload\":\"~s\",\"impl\":\"~s\",\"n\":~b,\"params\":{~s}~s}~n",
        [Workload, Implementation, N,
         lists:join(",", [["\"", K, "\":\"", V, "\""] || {K, V} <- Params]),
         [field(Field) || Field <- maps:to_list(Fields)]]).

field({Key, Value}) when is_integer(Value) -> io_lib:format(",\"~s\":~b", [Key, Value]);
field({Key, Value}) -> io_lib:format(",\"~s\":~.9f", [Key, Value]).

seconds(Native) -> Native / erlang:convert_time_unit(1, second, native).

memory(Key) ->
    {ok, Status} = file:read_file("/proc/self/status"),
    [Line] = [L || L <- binary:split(Status, <<"\n">>, [global]),
                   string:prefix(L, Key) =/= nomatch],
    [_, Kilobytes, _] = string:lexemes(binary_to_list(Line), "\t "),
    list_to_integer(Kilobytes) * 1024.

%% User and system time, in ticks of 10 ms.
cpu() ->
    {ok, Stat} = file:read_file("/proc/self/stat"),
    [_, Rest] = string:split(Stat, ") "),
    Fields = string:lexemes(binary_to_list(Rest), " "),
    (list_to_integer(lists:nth(12, Fields)) + list_to_integer(lists:nth(13, Fields))) / 100.

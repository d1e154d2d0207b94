%% The supervisor that OTP's design principles advise for dynamic children:
%% simple_one_for_one. Its children are {M, F, Extra arguments of start_child}.
-module(dynamic_sup).
-behaviour(supervisor).
-export([start/2, start/3, stop/1, start_one_for_one/0, child/2]).
-export([init/1]).

start(Restart, Start) -> start(Restart, Start, worker).

start(Restart, Start, Type) ->
    {ok, Sup} = supervisor:start_link(?MODULE, {simple_one_for_one, Restart, Start, Type}),
    unlink(Sup),
    Sup.

start_one_for_one() ->
    {ok, Sup} = supervisor:start_link(?MODULE, one_for_one),
    unlink(Sup),
    Sup.

stop(Sup) ->
    Ref = monitor(process, Sup),
    exit(Sup, shutdown),
    receive {'DOWN', Ref, process, Sup, Reason} -> Reason end.

child(Sup, Args) ->
    {ok, Pid} = supervisor:start_child(Sup, Args),
    Pid.

%% The intensity never trips. It counts over the shortest period, because OTP
%% looks through the whole period's restarts at each of them.
init({simple_one_for_one, Restart, Start, Type}) ->
    {ok, {flags(simple_one_for_one), [#{id => task, start => Start, restart => Restart,
                                        shutdown => 600_000, type => Type}]}};
init(one_for_one) ->
    {ok, {flags(one_for_one), []}}.

flags(Strategy) ->
    #{strategy => Strategy, intensity => 1_000_000_000, period => 1}.

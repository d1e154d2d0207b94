%% A subscriber of gen_event, OTP's event manager: it counts.
-module(counting).
-behaviour(gen_event).
-export([init/1, handle_event/2, handle_call/2]).

init({Goal, Caller}) -> {ok, {0, Goal, Caller}}.

handle_event(_Event, {Seen, Goal, Caller}) ->
    Seen + 1 =:= Goal andalso (Caller ! seen_all),
    {ok, {Seen + 1, Goal, Caller}}.

handle_call(_, State) -> {ok, ok, State}.

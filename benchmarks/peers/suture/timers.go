package main

import (
	"context"
	"strconv"
	"time"

	"github.com/thejerf/suture/v4"
)

const spread = 5 * time.Second

// timerAccuracy lets tasks sleep while another one never gives way by itself.
func timerAccuracy(args Args) Report {
	world := serve()
	ready, over := newGoal(args.n+1), newGoal(args.n+1)
	gate := make(chan struct{})
	var start time.Time
	samples := make([]time.Duration, args.n)
	for i := range args.n {
		world.Add(&Task{"t" + strconv.Itoa(i), func(context.Context) error {
			ready.hit()
			<-gate
			due := start.Add(spread * time.Duration(i) / time.Duration(args.n))
			time.Sleep(time.Until(due))
			samples[i] = time.Since(due)
			over.hit()
			return suture.ErrDoNotRestart
		}})
	}
	world.Add(&Task{"busy", func(context.Context) error {
		ready.hit()
		<-gate
		for time.Since(start) < spread {
		}
		over.hit()
		return suture.ErrDoNotRestart
	}})
	ready.wait()
	return section(args.n, func() {
		start = time.Now()
		close(gate)
		over.wait()
	}).percentiles(samples)
}

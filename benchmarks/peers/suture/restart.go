package main

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/thejerf/suture/v4"
)

var errAsAsked = errors.New("as asked")

// failOften fails n times at once and then ends.
func failOften(world World, name string, n int) []time.Duration {
	samples := make([]time.Duration, 0, n)
	over := make(chan struct{})
	var failed time.Time
	world.Add(&Task{name, func(context.Context) error {
		if !failed.IsZero() {
			samples = append(samples, time.Since(failed))
		}
		if len(samples) == n {
			close(over)
			return suture.ErrDoNotRestart
		}
		failed = time.Now()
		return errAsAsked
	}})
	<-over
	return samples
}

func restartOne(args Args) Report {
	world := serve()
	failOften(world, "w", args.warmUp())
	var samples []time.Duration
	report := section(args.n, func() { samples = failOften(world, "t", args.n) })
	check("restarts", len(samples), args.n)
	return report.percentiles(samples)
}

func restartStorm(args Args) Report {
	if args.count("backoff_ms", 0) != 0 {
		absent("it backs off only above the failure threshold")
	}
	world := serve()
	ready, running := newGoal(args.n), newGoal(args.n)
	gate := make(chan struct{})
	failed := make([]time.Time, args.n)
	samples := make([]time.Duration, args.n)
	for i := range args.n {
		world.Add(&Task{"t" + strconv.Itoa(i), func(ctx context.Context) error {
			if failed[i].IsZero() {
				ready.hit()
				<-gate
				failed[i] = time.Now()
				return errAsAsked
			}
			samples[i] = time.Since(failed[i])
			running.hit()
			<-ctx.Done()
			return ctx.Err()
		}})
	}
	ready.wait()
	return section(args.n, func() {
		close(gate)
		running.wait()
	}).percentiles(samples)
}

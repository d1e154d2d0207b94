package main

import (
	"context"
	"strconv"
	"time"

	"github.com/thejerf/suture/v4"
)

// Add has no outcome: a task is over for its caller at its body's end.
func instantTask(name string, over func()) *Task {
	return &Task{name, func(context.Context) error {
		over()
		return suture.ErrDoNotRestart
	}}
}

func checkParams(args Args) {
	if args.count("subscribers", 0) != 0 {
		absent("only failures are events")
	}
	if args.text("api", "handle") != "handle" {
		absent("no call that runs a batch")
	}
}

// checkRemoved waits, unmeasured, until the supervisor has forgotten all tasks.
func checkRemoved(world World) {
	for tries := 0; len(world.Services()) != 0 && tries < 10000; tries++ {
		time.Sleep(time.Millisecond)
	}
	check("tasks left", len(world.Services()), 0)
}

func batchTurn(world World, prefix string, n int) {
	over := newGoal(n)
	for i := range n {
		world.Add(instantTask(prefix+strconv.Itoa(i), over.hit))
	}
	over.wait()
}

func lifecycleBatch(args Args) Report {
	checkParams(args)
	world := serve()
	batchTurn(world, "w", args.warmUp())
	report := section(args.n, func() { batchTurn(world, "t", args.n) })
	checkRemoved(world)
	return report
}

func windowTurn(world World, prefix string, n int) {
	const window = 1000
	credits := make(chan struct{}, window)
	over := newGoal(n)
	for i := range n {
		credits <- struct{}{}
		world.Add(instantTask(prefix+strconv.Itoa(i), func() {
			<-credits
			over.hit()
		}))
	}
	over.wait()
}

func lifecycleWindow(args Args) Report {
	checkParams(args)
	world := serve()
	windowTurn(world, "w", args.warmUp())
	report := section(args.n, func() { windowTurn(world, "t", args.n) })
	checkRemoved(world)
	return report
}

func singleTurn(world World, prefix string, n int) []time.Duration {
	samples := make([]time.Duration, 0, n)
	over := make(chan struct{}, 1)
	for i := range n {
		begin := time.Now()
		world.Add(instantTask(prefix+strconv.Itoa(i), func() { over <- struct{}{} }))
		<-over
		samples = append(samples, time.Since(begin))
	}
	return samples
}

func lifecycleSingle(args Args) Report {
	world := serve()
	singleTurn(world, "w", args.warmUp())
	var samples []time.Duration
	report := section(args.n, func() { samples = singleTurn(world, "t", args.n) })
	checkRemoved(world)
	return report.percentiles(samples)
}

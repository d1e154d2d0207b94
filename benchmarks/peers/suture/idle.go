package main

import (
	"strconv"
	"sync"
	"time"

	"github.com/thejerf/suture/v4"
)

// Idle is a world of tasks that sleep.
type Idle struct {
	World
	idle, over *Goal
}

func emptyIdle(n int) Idle { return Idle{serve(), newGoal(n), newGoal(n)} }

func (w Idle) add(i int) suture.ServiceToken {
	return w.Add(idleTask("t"+strconv.Itoa(i), w.idle, w.over))
}

func addIdle(n int) (Idle, []suture.ServiceToken) {
	world := emptyIdle(n)
	tokens := make([]suture.ServiceToken, 0, n)
	for i := range n {
		tokens = append(tokens, world.add(i))
	}
	world.idle.wait()
	return world, tokens
}

func addSingle(args Args) Report {
	threads := args.count("threads", 1)
	world := emptyIdle(args.n)
	samples := make([]time.Duration, args.n)
	report := section(args.n, func() {
		var callers sync.WaitGroup
		for thread := range threads {
			callers.Add(1)
			go func() {
				defer callers.Done()
				for i := thread; i < args.n; i += threads {
					begin := time.Now()
					world.add(i)
					samples[i] = time.Since(begin)
				}
			}()
		}
		callers.Wait()
	})
	world.idle.wait()
	return report.percentiles(samples)
}

func idle(args Args) Report {
	if body := args.text("body", "coroutine"); body != "coroutine" {
		absent("no body=" + body)
	}
	world := emptyIdle(args.n)
	before := residentBytes()
	return section(args.n, func() {
		for i := range args.n {
			world.add(i)
		}
		world.idle.wait()
	}).perItem(before)
}

func shutdown(args Args) Report {
	world, _ := addIdle(args.n)
	report := section(args.n, func() {
		world.stop()
		<-world.ended
	})
	left, err := world.UnstoppedServiceReport()
	check("tasks left", len(left), 0)
	if err == nil {
		world.over.wait()
	}
	return report
}

// cancelAll asks for all before it waits for their ends.
func cancelAll(args Args) Report {
	world, tokens := addIdle(args.n)
	report := section(args.n, func() {
		for _, token := range tokens {
			_ = world.Remove(token)
		}
		world.over.wait()
	})
	checkRemoved(world.World)
	return report
}

func list(args Args) Report {
	const times = 20
	world, _ := addIdle(args.n)
	return section(times, func() {
		for range times {
			check("listed", len(world.Services()), args.n)
		}
	})
}

package main

import (
	"context"
	"math"
	"time"

	"github.com/thejerf/suture/v4"
)

// World is a supervisor that serves in the background, as suture advises.
type World struct {
	*suture.Supervisor
	stop  context.CancelFunc
	ended <-chan error
}

// serve never backs off: the failure threshold is out of reach. Failures are
// not logged, and no stop is cut short.
func serve() World {
	supervisor := suture.New("bench", suture.Spec{
		EventHook:        func(suture.Event) {},
		FailureThreshold: math.MaxFloat64,
		Timeout:          10 * time.Minute,
	})
	ctx, stop := context.WithCancel(context.Background())
	return World{supervisor, stop, supervisor.ServeBackground(ctx)}
}

// Task is a named service.
type Task struct {
	name string
	body func(ctx context.Context) error
}

func (t *Task) Serve(ctx context.Context) error { return t.body(ctx) }
func (t *Task) String() string                  { return t.name }

// idleTask tells `idle` that it runs and sleeps for a day, and tells `over`
// that it was stopped.
func idleTask(name string, idle, over *Goal) *Task {
	return &Task{name, func(ctx context.Context) error {
		timer := time.NewTimer(24 * time.Hour)
		defer timer.Stop()
		idle.hit()
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		over.hit()
		return ctx.Err()
	}}
}

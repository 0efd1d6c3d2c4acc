package services

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"countersign/models"
)

// bundleKept is how long a bundle that somebody asked for waits to be fetched.
const bundleKept = 24 * time.Hour

// Bundles are made of periods for people who asked on a page, one at a time and behind it.
// A bundle is written to a file first: a slow reader must not hold a snapshot open.
type Bundles struct {
	Evidence *Evidence
	Draw     DrawPeriod
	Folder   string // of the files; whatever lies in it at the start is thrown away
	mu       sync.Mutex
	running  *BundleJob
	done     map[models.PersonID]BundleJob
	cancel   context.CancelFunc
	group    sync.WaitGroup
}

// BundleJob is a bundle that somebody asked for.
type BundleJob struct {
	By       models.Person
	Wish     PeriodWish
	Since    time.Time
	Progress PeriodProgress
	Ended    time.Time
	Taken    PeriodTaken
	Size     int64
	Wrong    error // why there is none
	File     string
}

// Begin throws away what was left behind.
func (b *Bundles) Begin() error {
	return errors.Join(os.RemoveAll(b.Folder), os.MkdirAll(b.Folder, 0o700))
}

// Ask begins to make a bundle. Whoever may still have to judge a proposal does not read in
// it what the first one proposed.
func (b *Bundles) Ask(ctx context.Context, by models.Person, wish PeriodWish) error {
	e := b.Evidence
	if err := mayNow(e.Store.Read(models.Everywhere(ctx)), &by, models.VerbAudit); err != nil {
		return err
	}
	if err := e.CheckWish(wish); err != nil {
		return err
	}
	wish, err := wish.narrowed(by.Scope)
	if err != nil {
		return err
	}
	if err := e.checkProposals(ctx, by); err != nil {
		return err
	}
	return b.begin(ctx, by, wish)
}

// checkProposals refuses who might be the second person to judge one that is open.
func (s *Evidence) checkProposals(ctx context.Context, by models.Person) error {
	if !by.May(models.VerbVerdict) {
		return nil
	}
	open, err := models.OpenVerdicts(s.Store.Read(ctx))
	for _, v := range open {
		if v.ProposerID != by.ID {
			return models.Refuse(models.Conflict, "evidence.proposals_open")
		}
	}
	return err
}

func (b *Bundles) begin(ctx context.Context, by models.Person, wish PeriodWish) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running != nil {
		return models.Refuse(models.Conflict, "evidence.period_running")
	}
	b.drop(by.ID)
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // goes on when the page has long been answered
	b.running, b.cancel = &BundleJob{By: by, Wish: wish, Since: b.Evidence.Now()}, cancel
	job := *b.running
	b.group.Go(func() {
		defer cancel()
		b.end(b.make(ctx, job))
	})
	return nil
}

// make writes the bundle to a file of its own; a part of it proves nothing and goes.
func (b *Bundles) make(ctx context.Context, job BundleJob) BundleJob {
	file, err := os.CreateTemp(b.Folder, "bundle-*.zip")
	if err != nil {
		job.Wrong = fmt.Errorf("make a bundle: %w", err)
		return job
	}
	job.File = file.Name()
	job.Taken, job.Wrong = b.Evidence.TakePeriod(ctx, job.By.As(models.VerbAudit), job.Wish, b.Draw, file, b.note)
	about, err := file.Stat()
	if job.Wrong = errors.Join(job.Wrong, err, file.Close()); job.Wrong != nil {
		_ = os.Remove(job.File) // found again at the next start
		return job
	}
	job.Size = about.Size()
	return job
}

func (b *Bundles) note(p PeriodProgress) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running != nil {
		b.running.Progress = p
	}
}

func (b *Bundles) end(job BundleJob) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if job.Wrong != nil && !errors.As(job.Wrong, new(models.Refusal)) {
		slog.Error("a bundle that somebody asked for could not be made", "error", job.Wrong)
	}
	job.Ended = b.Evidence.Now()
	if b.done == nil {
		b.done = map[models.PersonID]BundleJob{}
	}
	b.done[job.By.ID], b.running = job, nil
}

// drop throws the person's last bundle away.
func (b *Bundles) drop(id models.PersonID) {
	if job, there := b.done[id]; there {
		_ = os.Remove(job.File) // found again at the next start
		delete(b.done, id)
	}
}

// State is the bundle under way, nil if none is, and the person's last one.
func (b *Bundles) State(by models.Person) (running, last *BundleJob) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running != nil {
		job := *b.running
		running = &job
	}
	job, there := b.done[by.ID]
	if there && b.Evidence.Now().Sub(job.Ended) > bundleKept {
		b.drop(by.ID)
		there = false
	}
	if there {
		last = &job
	}
	return running, last
}

// Fetch opens the person's last bundle, as long as they may still see all of it (S19).
func (b *Bundles) Fetch(ctx context.Context, by models.Person) (*os.File, BundleJob, error) {
	if err := mayNow(b.Evidence.Store.Read(models.Everywhere(ctx)), &by, models.VerbAudit); err != nil {
		return nil, BundleJob{}, err
	}
	_, job := b.State(by)
	if job == nil || job.Wrong != nil || !job.Wish.Scope.Within(by.Scope) {
		return nil, BundleJob{}, models.Refuse(models.Missing, "evidence.period_none")
	}
	file, err := os.Open(filepath.Clean(job.File))
	return file, *job, err
}

// Wait returns when no bundle is under way.
func (b *Bundles) Wait() { b.group.Wait() }

// Stop ends the one under way: the store is about to close.
func (b *Bundles) Stop() {
	b.mu.Lock()
	cancel := b.cancel
	b.mu.Unlock()
	if cancel != nil {
		cancel()
	}
	b.group.Wait()
}

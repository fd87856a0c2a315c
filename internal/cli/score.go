package cli

import "pointille/internal/job"

type scoreCmd struct {
	Truth string `type:"path" required:"" placeholder:"DIR" help:"Folder with a folder for each photo, of the photo's name, that holds truth.json and geometry.npz."`
	Plan  string `arg:"" type:"path" help:"A plan.json with its surveys beside it."`
}

// Help gives examples.
func (scoreCmd) Help() string {
	return `For photos of which everything is known, rendered ones or of a scanned head: how far the
plan's head lies from the true one, how right its areas, cameras and scales are, and how
far a mark made in one photo lands in another. docs/formats/truth.md describes the truth.

Examples:
  pointille score --truth truth/anna out/anna/plan.json
  pointille --json score --truth truth/anna out/anna/plan.json

` + exitCodes
}

// Run compares a plan with the truth.
func (c scoreCmd) Run(t *terminal) error {
	r, err := job.Score(job.ScoreOptions{Plan: c.Plan, Truth: c.Truth})
	if err == nil {
		t.say(r.Text(), r)
	}
	return err
}

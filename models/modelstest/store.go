// Package modelstest gives tests a store on a real file without waiting for the
// migrations, which take longer than most tests do.
package modelstest

import (
	"errors"
	"os"
	"path/filepath"
	"sync"

	"countersign/models"
)

// empty is a file that was migrated as a program does at its first start, and closed.
var empty = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "countersign-empty-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	file := filepath.Join(folder, "countersign.db")
	store, err := models.Open(file)
	if err != nil {
		return nil, err
	}
	if err := store.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// Open opens the store in file. One that is not there yet begins as a copy of a file
// that was migrated once for the whole run.
func Open(file string) (*models.Store, error) {
	content, err := empty()
	if err != nil {
		return nil, err
	}
	if err := create(file, content); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	return models.Open(file)
}

// create writes a file that is not there yet.
func create(file string, content []byte) error {
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = out.Write(content)
	return errors.Join(err, out.Close())
}

// Reads a Compose file as Docker Compose does, and a Dockerfile as BuildKit does. Neither needs an engine.
//
//	go run . compose.yaml Dockerfile
//
// Prints the project as JSON, all profiles on and all variables filled in from the environment. What either of them
// would refuse or warn of goes to standard error, with exit code 1.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

func main() {
	project, err := loadProject(os.Args[1])
	if err = errors.Join(err, checkDockerfile(os.Args[2])); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(string(project))
}

func loadProject(path string) ([]byte, error) {
	options, err := cli.NewProjectOptions([]string{path}, cli.WithOsEnv, cli.WithProfiles([]string{"*"}))
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	return project.MarshalJSON()
}

func checkDockerfile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	parsed, err := parser.Parse(file)
	if err != nil {
		return err
	}
	var found []error
	for _, warning := range parsed.Warnings {
		found = append(found, errors.New(warning.Short))
	}
	warn := func(rule, _, _, message string, at []parser.Range) {
		found = append(found, fmt.Errorf("line %d: %s: %s", at[0].Start.Line, rule, message))
	}
	_, _, err = instructions.Parse(parsed.AST, linter.New(&linter.Config{Warn: warn}))
	return errors.Join(append(found, err)...)
}

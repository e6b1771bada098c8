package main

import "github.com/spf13/cobra"

func (a *app) compareVerb() *cobra.Command {
	return &cobra.Command{Use: "compare RUN RUN …", Hidden: true}
}

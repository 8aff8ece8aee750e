// Command op runs a real OpenID provider, the example server of zitadel/oidc,
// for the test that logs in through one. It is a module of its own, so that the
// service does not depend on it.
//
//	op ADDRESS REDIRECT USERS
//
// ADDRESS is where it listens (its issuer is http://ADDRESS), REDIRECT the
// address it may send browsers back to, USERS a JSON file of its users. It says
// "ready" when it answers.
package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "op:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("want ADDRESS REDIRECT USERS, got %d words", len(args))
	}
	users, err := storage.StoreFromFile(args[2])
	if err != nil {
		return err
	}
	storage.RegisterClients(storage.WebClient("web", "secret", args[1]))
	listener, err := net.Listen("tcp", args[0])
	if err != nil {
		return err
	}
	issuer := "http://" + listener.Addr().String()
	router := exampleop.SetupServer(issuer, storage.NewStorage(users), slog.New(slog.NewTextHandler(io.Discard, nil)), false)
	fmt.Println("ready", issuer)
	server := &http.Server{Handler: router, ReadHeaderTimeout: 5 * time.Second}
	return server.Serve(listener)
}

// Command refettorio runs the school canteen of a municipality: one binary, one
// file. This file reads the configuration, wires the parts and knows the order
// in which they start and stop; what the other commands do is in commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"
	"go.yaml.in/yaml/v3"

	"refettorio/commands"
	"refettorio/control"
	"refettorio/handlers"
	"refettorio/handlers/render"
	"refettorio/jobs"
	"refettorio/notify"
	"refettorio/store"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program as a value: tests call it as main does.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	root := &cobra.Command{Use: "refettorio", Short: "the school canteen of a municipality, in one program and one file",
		SilenceUsage: true, SilenceErrors: true}
	var file string
	root.PersistentFlags().StringVar(&file, "config", "", "configuration file (default: config.yaml beside the program's folder, if it is there)")
	load := func() (Config, error) { return loadConfig(file) }
	env := &commands.Env{Database: func() (string, error) { c, err := load(); return c.Database, err },
		Key: func() (string, error) { c, err := load(); return c.Key, err }}
	root.AddCommand(commands.All(env)...)
	root.AddCommand(serveCommand(load), commands.Demo(serveDemo), configCommand(load), versionCommand())
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case !errors.Is(err, commands.ErrFound):
		fmt.Fprintln(errs, "refettorio:", commands.Sentence(err))
	}
	return 1
}

// Config is config.yaml: what the machine needs.
type Config struct {
	Database      string
	Key           string
	Listen        string
	PublicURL     string `mapstructure:"public_url"`
	PrivateListen string `mapstructure:"private_listen"`
	TLS           struct{ Certificate, Key string }
	Proxies       []string
	Origins       []string
	Providers     []ProviderConfig
	Backup        struct {
		Folder string
		Keep   int
	}
	Mail struct {
		From string
		SMTP struct {
			Host, User, Password, TLS string
			Port                      int
		}
		Folder string
	}
	Log  struct{ Level, Format string }
	Town struct {
		Name, Crest, Region, Service string
		AccessibilityURL             string `mapstructure:"accessibility_url"`
		PrivacyURL                   string `mapstructure:"privacy_url"`
		LegalURL                     string `mapstructure:"legal_url"`
		FAQURL                       string `mapstructure:"faq_url"`
		InefficiencyURL              string `mapstructure:"inefficiency_url"`
		AppointmentsURL              string `mapstructure:"appointments_url"`
	}
	demo bool // every letter may be read by everybody
}

// defaults are the settings of config.yaml as delivered, key by key; a test
// holds the two against each other.
var defaults = []struct {
	key   string
	value any
}{
	{"database", "refettorio.db"}, {"key", "refettorio.key"}, {"listen", "127.0.0.1:8080"}, {"public_url", "http://localhost:8080"},
	{"private_listen", "127.0.0.1:9090"}, {"tls.certificate", ""}, {"tls.key", ""},
	{"proxies", []string{}}, {"origins", []string{}}, {"providers", []string{}}, {"backup.folder", "backups"}, {"backup.keep", 30},
	{"mail.from", ""}, {"mail.smtp.host", ""}, {"mail.smtp.port", 587}, {"mail.smtp.user", ""}, {"mail.smtp.password", ""},
	{"mail.smtp.tls", notify.TLSMandatory}, {"mail.folder", ""},
	{"log.level", "info"}, {"log.format", "text"},
	{"town.name", "Comune di Borgoluce"}, {"town.crest", "B"}, {"town.region", "Regione Puglia"},
	{"town.service", "Refezione scolastica"}, {"town.accessibility_url", "https://form.agid.gov.it/"},
	{"town.privacy_url", "/informazioni/privacy"}, {"town.legal_url", "/informazioni/note-legali"},
	{"town.faq_url", "/informazioni/domande"}, {"town.inefficiency_url", ""}, {"town.appointments_url", ""},
}

// loadConfig reads the file (config.yaml of this folder when none is named and
// it is there) and the environment, and refuses what it does not know.
func loadConfig(file string) (Config, error) {
	if file == "" {
		if _, err := os.Stat("config.yaml"); err == nil {
			file = "config.yaml"
		}
	}
	return readConfig(file)
}

// defaultConfig is what holds without a file.
func defaultConfig() (Config, error) { return readConfig("") }

func readConfig(file string) (c Config, err error) {
	v := viper.New()
	for _, d := range defaults {
		v.SetDefault(d.key, d.value)
		name := "REFETTORIO_" + strings.ToUpper(strings.ReplaceAll(d.key, ".", "_"))
		if err := v.BindEnv(d.key, name); err != nil {
			return c, err
		}
	}
	if file != "" {
		v.SetConfigFile(file)
		if err := v.ReadInConfig(); err != nil {
			return c, fmt.Errorf("configuration: %w", err)
		}
	}
	if err := v.UnmarshalExact(&c); err != nil {
		return c, fmt.Errorf("configuration %s: %w", file, err)
	}
	return c, c.Validate()
}

// Validate names every setting that cannot work.
func (c *Config) Validate() error {
	var problems []error
	wrong := func(key, why string) { problems = append(problems, fmt.Errorf("configuration: %s: %s", key, why)) }
	if c.Database == "" {
		wrong("database", "no file is named")
	}
	if c.Key == "" {
		wrong("key", "no file is named")
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		wrong("listen", err.Error())
	}
	if u, err := url.Parse(c.PublicURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		wrong("public_url", "not an address like https://servizi.comune.example.it")
	}
	if _, _, err := net.SplitHostPort(c.PrivateListen); c.PrivateListen != "" && err != nil {
		wrong("private_listen", err.Error())
	}
	if (c.TLS.Certificate == "") != (c.TLS.Key == "") {
		wrong("tls", "certificate and key go together")
	}
	for _, p := range c.Proxies {
		if net.ParseIP(p) == nil {
			wrong("proxies", p+" is not an address")
		}
	}
	if c.Backup.Keep < 1 {
		wrong("backup.keep", "at least 1")
	}
	c.validateMail(wrong)
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log.Level)); err != nil {
		wrong("log.level", "debug, info, warn or error")
	}
	if c.Log.Format != "text" && c.Log.Format != "json" {
		wrong("log.format", "text or json")
	}
	if _, err := c.providers(); err != nil {
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}

func (c *Config) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.Log.Level)) // Validate has read it
	options := &slog.HandlerOptions{Level: level}
	if c.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

func (c *Config) town() render.Town {
	t := c.Town
	return render.Town{Name: t.Name, Crest: t.Crest, Region: t.Region, Service: t.Service, AccessibilityURL: t.AccessibilityURL,
		PrivacyURL: t.PrivacyURL, LegalURL: t.LegalURL, FAQURL: t.FAQURL, InefficiencyURL: t.InefficiencyURL, AppointmentsURL: t.AppointmentsURL}
}

func serveCommand(load func() (Config, error)) *cobra.Command {
	return &cobra.Command{
		Use: "serve", Short: "run the service", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := load()
			if err != nil {
				return err
			}
			return serve(c.Context(), config, config.logger(c.ErrOrStderr()), time.Now, nil)
		},
	}
}

// serveDemo serves a town of demo: no settings but its own, and no noise.
func serveDemo(ctx context.Context, db, listen, backups string, now func() time.Time, ready func(string)) error {
	c, err := defaultConfig()
	if err != nil {
		return err
	}
	c.Database, c.Listen, c.PrivateListen, c.Backup.Folder = db, listen, "", backups
	c.Key = filepath.Join(filepath.Dir(db), commands.KeyName)
	c.Mail.Folder, c.demo = filepath.Join(filepath.Dir(db), "mail"), true
	if _, port, err := net.SplitHostPort(listen); err == nil && port != "0" {
		c.PublicURL = "http://" + listen // letters say where to log in
	}
	return serve(ctx, c, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})), now, ready)
}

// serve runs the service until ctx ends. now is its clock; ready is called once
// with the address it answers on.
//
// It starts inside out, so that nothing is asked before it can answer: the
// record, what is due (a missed close), the control socket, the web. It stops
// outside in, so that nothing in hand is lost: no new requests, those at hand
// answered, no more bells and the running one finished, then the record, whose
// writer first commits what is queued.
func serve(ctx context.Context, c Config, log *slog.Logger, now func() time.Time, ready func(base string)) (err error) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	s, err := store.Open(c.Database, store.Options{Now: now, Log: log, Backups: c.Backup.Folder})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := commands.OpenVault(s, c.Key, log); err != nil {
		return err
	}
	secure := strings.HasPrefix(c.PublicURL, "https:")
	providers, err := c.providers()
	if err != nil {
		return err
	}
	post := c.post(log)
	options := handlers.Options{Store: s, Log: log, Town: c.town(), Secure: secure,
		Origins: c.Origins, Proxies: c.Proxies, Version: version(), Channels: post.Channels(),
		PublicURL: strings.TrimSuffix(c.PublicURL, "/"), Providers: providers}
	if c.demo {
		options.Mailbox = notify.Folder{Dir: c.Mail.Folder}
	}
	web, err := handlers.New(options)
	if err != nil {
		return err
	}
	runner := jobs.New(s, log, jobs.Options{Backups: c.Backup.Folder, Keep: c.Backup.Keep, Post: c.letters(post, web.Catalog())})
	if err := runner.Start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, runner.Stop()) }()
	socket, err := control.Listen(s)
	if err != nil {
		return fmt.Errorf("control socket: %w", err)
	}
	servers, base, err := listen(c, web, log)
	if err != nil {
		return err
	}
	failed := make(chan error, len(servers)+1)
	go func() { failed <- socket.Serve() }()
	for _, srv := range servers {
		go func() { failed <- srv.serve() }()
	}
	log.Info("ready", "address", base, "database", c.Database, "version", version())
	if ready != nil {
		ready(base)
	}
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	log.Info("stopping")
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), handlers.RequestTimeout+5*time.Second)
	defer cancel()
	web.HangUp() // pages that listen would keep their connections open
	for _, srv := range servers {
		err = errors.Join(err, srv.http.Shutdown(stopping))
	}
	return errors.Join(err, socket.Shutdown(stopping))
}

// gcPercent lets the few megabytes that live grow fourfold before they are
// collected: before the cut-off the processor has better things to do.
const gcPercent = 300

// server is one address we answer on.
type server struct {
	http     *http.Server
	listener net.Listener
	tls      bool
}

func (s *server) serve() error {
	var err error
	if s.tls {
		err = s.http.ServeTLS(s.listener, "", "")
	} else {
		err = s.http.Serve(s.listener)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// listen opens the public and the private address.
func listen(c Config, web *handlers.Server, log *slog.Logger) (servers []*server, base string, err error) {
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, "", err
	}
	public := &server{http: handlers.HTTPServer(web, log), listener: l}
	base = "http://" + l.Addr().String()
	if c.TLS.Certificate != "" {
		if public.http.TLSConfig, err = handlers.TLSConfig(c.TLS.Certificate, c.TLS.Key); err != nil {
			return nil, "", errors.Join(err, l.Close())
		}
		public.tls, base = true, "https://"+l.Addr().String()
	}
	servers = append(servers, public)
	if c.PrivateListen != "" {
		l, err := net.Listen("tcp", c.PrivateListen)
		if err != nil {
			return nil, "", errors.Join(err, public.listener.Close())
		}
		servers = append(servers, &server{http: handlers.HTTPServer(web.Operations(), log), listener: l})
	}
	return servers, base, nil
}

func configCommand(load func() (Config, error)) *cobra.Command {
	return &cobra.Command{
		Use: "config", Short: "print the settings in force", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := load()
			if err != nil {
				return err
			}
			if config.Mail.SMTP.Password != "" {
				config.Mail.SMTP.Password = "***"
			}
			enc := yaml.NewEncoder(c.OutOrStdout())
			defer enc.Close()
			return enc.Encode(config)
		},
	}
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "print the version", Args: cobra.NoArgs,
		Run: func(c *cobra.Command, _ []string) { fmt.Fprintln(c.OutOrStdout(), "refettorio", version()) },
	}
}

// version is what the Go tool knows of the build: the tag, or the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	revision, dirty := "development", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+changes"
		}
	}
	return revision + dirty
}

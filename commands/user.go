package commands

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/alexedwards/argon2id"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"refettorio/canteen"
	"refettorio/control"
	"refettorio/handlers"
	"refettorio/store"
)

func userCommand(env *Env) *cobra.Command {
	c := &cobra.Command{Use: "user", Short: "logins: add, list, reset, disable, enable, role"}
	c.AddCommand(userAdd(env), userList(env), userReset(env), userSwitch(env, "disable"), userSwitch(env, "enable"), userRole(env))
	return c
}

// place are the flags that tie a login to a role and its place.
type place struct{ role, schools, kitchen string }

func (p *place) flags(c *cobra.Command) {
	c.Flags().StringVar(&p.role, "role", "", "role: "+roleNames())
	c.Flags().StringVar(&p.schools, "schools", "", "school codes, with commas (school, refectory)")
	c.Flags().StringVar(&p.kitchen, "kitchen", "", "kitchen code (kitchen)")
}

func (p *place) fill(u *store.User) (err error) {
	u.Role, err = canteen.ParseRole(p.role)
	u.Kitchen = p.kitchen
	if p.schools != "" {
		u.Schools = strings.Split(p.schools, ",")
	}
	return err
}

func roleNames() string {
	var names []string
	for _, r := range canteen.Roles {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

func userAdd(env *Env) *cobra.Command {
	var p place
	var name, guardian string
	var generate bool
	c := &cobra.Command{
		Use:   "add LOGIN",
		Short: "add a login; the password is asked, read from a pipe, or made with --generate",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, words []string) error {
			args := control.UserArgs{User: store.User{Login: words[0], Name: name}}
			if err := p.fill(&args.User); err != nil {
				return err
			}
			if args.User.Name == "" {
				args.User.Name = words[0]
			}
			if guardian != "" {
				cf, err := canteen.ParseCodiceFiscale(guardian)
				if err != nil {
					return err
				}
				args.Guardian = cf
			}
			return withPassword(c, generate, func(hash string) error {
				args.User.Hash = hash
				return env.run(c.Context(), "user.add", args, nil)
			})
		},
	}
	p.flags(c)
	c.Flags().StringVar(&name, "name", "", "the person's name")
	c.Flags().StringVar(&guardian, "cf", "", "codice fiscale of the guardian (role guardian)")
	c.Flags().BoolVar(&generate, "generate", false, "make a password and print it once")
	return c
}

func userList(env *Env) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "list the logins", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var all []store.User
			if err := env.existing(c.Context(), "user.list", control.None{}, &all); err != nil {
				return err
			}
			for _, u := range all {
				state := ""
				if u.Disabled {
					state = "disabled"
				}
				fmt.Fprintf(c.OutOrStdout(), "%-30s %-10s %s %s %s\n", u.Login, u.Role, u.Kitchen, strings.Join(u.Schools, ","), state)
			}
			return nil
		},
	}
}

func userReset(env *Env) *cobra.Command {
	var generate bool
	c := &cobra.Command{
		Use: "reset LOGIN", Short: "give a login a new password; its sessions end", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, words []string) error {
			return withPassword(c, generate, func(hash string) error {
				args := control.UserArgs{User: store.User{Login: words[0], Hash: hash}, What: "reset"}
				return env.existing(c.Context(), "user.change", args, nil)
			})
		},
	}
	c.Flags().BoolVar(&generate, "generate", false, "make a password and print it once")
	return c
}

func userSwitch(env *Env, what string) *cobra.Command {
	return &cobra.Command{
		Use: what + " LOGIN", Short: what + " a login; its sessions end", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, words []string) error {
			return env.existing(c.Context(), "user.change", control.UserArgs{User: store.User{Login: words[0]}, What: what}, nil)
		},
	}
}

func userRole(env *Env) *cobra.Command {
	var p place
	c := &cobra.Command{
		Use: "role LOGIN", Short: "change the role of a login; its sessions end", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, words []string) error {
			args := control.UserArgs{User: store.User{Login: words[0]}, What: "role"}
			if err := p.fill(&args.User); err != nil {
				return err
			}
			return env.existing(c.Context(), "user.change", args, nil)
		},
	}
	p.flags(c)
	return c
}

// withPassword makes, asks for or reads a password, and passes its hash on.
func withPassword(c *cobra.Command, generate bool, use func(hash string) error) error {
	password := ""
	if generate {
		password = strings.ToLower(rand.Text())[:20]
	} else {
		var err error
		if password, err = askPassword(c); err != nil {
			return err
		}
	}
	if len([]rune(password)) < handlers.MinPassword {
		return fmt.Errorf("the password needs at least %d characters", handlers.MinPassword)
	}
	hash, err := argon2id.CreateHash(password, handlers.PasswordParams)
	if err != nil {
		return err
	}
	if err := use(hash); err != nil {
		return err
	}
	if generate {
		fmt.Fprintln(c.OutOrStdout(), password)
	}
	return nil
}

func askPassword(c *cobra.Command) (string, error) {
	if f, ok := c.InOrStdin().(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprint(c.ErrOrStderr(), "password: ")
		b, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(c.ErrOrStderr())
		return string(b), err
	}
	line, err := bufio.NewReader(c.InOrStdin()).ReadString('\n')
	if line == "" {
		return "", errors.Join(errors.New("no password: type it, pipe it in, or use --generate"), err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func tokenCommand(env *Env) *cobra.Command {
	c := &cobra.Command{Use: "token", Short: "API tokens: add, list, revoke"}
	args := control.TokenArgs{}
	add := &cobra.Command{
		Use: "add NAME", Short: "make a token and print its secret once", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, words []string) error {
			args.Name = words[0]
			var result control.TokenResult
			if err := env.existing(c.Context(), "token.add", args, &result); err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), result.Secret)
			return nil
		},
	}
	add.Flags().StringSliceVar(&args.Scopes, "scope", nil, "scopes: "+strings.Join(store.Scopes, ", "))
	add.Flags().IntVar(&args.Days, "days", 365, "days until it expires; 0: never")
	list := &cobra.Command{
		Use: "list", Short: "list the tokens, without secrets", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var all []store.Token
			if err := env.existing(c.Context(), "token.list", control.None{}, &all); err != nil {
				return err
			}
			for _, t := range all {
				expires := "never expires"
				if !t.Expires.IsZero() {
					expires = "until " + canteen.DateOf(t.Expires).String()
				}
				fmt.Fprintf(c.OutOrStdout(), "%s  %-20s %-30s %s\n", t.ID, t.Name, strings.Join(t.Scopes, ","), expires)
			}
			return nil
		},
	}
	revoke := &cobra.Command{
		Use: "revoke ID", Short: "revoke a token", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, words []string) error {
			return env.existing(c.Context(), "token.revoke", control.RevokeArgs{ID: words[0]}, nil)
		},
	}
	c.AddCommand(add, list, revoke)
	return c
}

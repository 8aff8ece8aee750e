package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"refettorio/signin"
)

// ProviderConfig is one gateway of digital identities in config.yaml. Its secret
// is in a file of its own or in the environment, never in config.yaml: one may
// show that to anybody.
type ProviderConfig struct {
	Name       string
	Label      string
	Preset     string
	Issuer     string
	ClientID   string            `mapstructure:"client_id" yaml:"client_id"`
	SecretFile string            `mapstructure:"client_secret_file" yaml:"client_secret_file,omitempty"`
	KeyFile    string            `mapstructure:"client_key_file" yaml:"client_key_file,omitempty"`
	KeyID      string            `mapstructure:"client_key_id" yaml:"client_key_id,omitempty"`
	Auth       string            `yaml:",omitempty"`
	Scope      string            `yaml:",omitempty"`
	Params     map[string]string `yaml:",omitempty"`
	ACR        []string          `yaml:",omitempty"`
	Claims     struct {
		FiscalCode []string `mapstructure:"fiscal_code" yaml:"fiscal_code,omitempty"`
		GivenName  []string `mapstructure:"given_name" yaml:"given_name,omitempty"`
		FamilyName []string `mapstructure:"family_name" yaml:"family_name,omitempty"`
		Email      []string `yaml:",omitempty"`
		Mobile     []string `yaml:",omitempty"`
		ACR        []string `yaml:",omitempty"`
	} `yaml:",omitempty"`
}

// providers makes the gateways of the configuration; every one that is
// incomplete stops the start, by name.
func (c *Config) providers() ([]*signin.Provider, error) {
	var all []*signin.Provider
	var problems []error
	names := map[string]bool{}
	for _, one := range c.Providers {
		p, err := one.provider()
		if err == nil && names[one.Name] {
			err = fmt.Errorf("provider %q: name: it is there twice", one.Name)
		}
		names[one.Name] = true
		if err != nil {
			problems = append(problems, fmt.Errorf("configuration: %w", err))
			continue
		}
		all = append(all, p)
	}
	return all, errors.Join(problems...)
}

func (p *ProviderConfig) provider() (*signin.Provider, error) {
	s := signin.Settings{Name: p.Name, Label: p.Label, Preset: p.Preset, Issuer: p.Issuer, ClientID: p.ClientID, KeyID: p.KeyID,
		Auth: p.Auth, Scope: p.Scope, Params: p.Params, ACR: p.ACR,
		Claims: signin.Claims{FiscalCode: p.Claims.FiscalCode, GivenName: p.Claims.GivenName, FamilyName: p.Claims.FamilyName,
			Email: p.Claims.Email, Mobile: p.Claims.Mobile, ACR: p.Claims.ACR}}
	var err error
	if s.Secret, err = secretOf(p.SecretFile, p.variable("CLIENT_SECRET")); err != nil {
		return nil, fmt.Errorf("provider %q: client_secret_file: %w", p.Name, err)
	}
	if s.Key, err = secretOf(p.KeyFile, p.variable("CLIENT_KEY")); err != nil {
		return nil, fmt.Errorf("provider %q: client_key_file: %w", p.Name, err)
	}
	return signin.New(s, signin.Options{})
}

// variable is the name of a secret in the environment.
func (p *ProviderConfig) variable(what string) string {
	return "REFETTORIO_PROVIDERS_" + strings.ToUpper(p.Name) + "_" + what
}

// secretOf reads a secret out of the environment, else out of its file.
func secretOf(file, variable string) (string, error) {
	if value := os.Getenv(variable); value != "" || file == "" {
		return value, nil
	}
	body, err := os.ReadFile(file)
	return strings.TrimSpace(string(body)), err
}

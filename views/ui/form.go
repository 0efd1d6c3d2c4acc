package ui

import "context"

type formKeyKey struct{}

// WithFormKey says where forms get their one-time keys. Every form asks for its own.
func WithFormKey(ctx context.Context, next func() string) context.Context {
	return context.WithValue(ctx, formKeyKey{}, next)
}

func formKey(ctx context.Context) string {
	if next, ok := ctx.Value(formKeyKey{}).(func() string); ok {
		return next()
	}
	return ""
}

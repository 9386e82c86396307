namespace Cqrs.Routing.TestKit;

/// <summary>The ways in which applications register a context.</summary>
public enum ContextLifetime
{
    Scoped,
    Pooled,
    Factory,
    PooledFactory,
}

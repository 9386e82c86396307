namespace Cqrs.Routing.Load.Soak;

/// <summary>Whose request a scope is for.</summary>
internal sealed class Tenant
{
    public int Number { get; set; }
}

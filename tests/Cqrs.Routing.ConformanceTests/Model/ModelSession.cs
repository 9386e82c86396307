namespace Cqrs.Routing.ConformanceTests.Model;

/// <summary>One user, in the reference model. Time stands still, so what was written stays recent.</summary>
public sealed class ModelSession
{
    public bool Wrote { get; set; }
}

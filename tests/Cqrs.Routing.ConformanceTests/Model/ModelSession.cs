namespace Cqrs.Routing.ConformanceTests.Model;

/// <summary>One user, in the reference model. Time stands still, so a command stays recent.</summary>
public sealed class ModelSession
{
    public bool RanCommand { get; set; }
}

namespace Cqrs.Routing.Load.Chaos.Faults;

/// <summary>How often one kind of fault was injected, and how far the queries had got that then ran on the primary.</summary>
internal sealed class FaultCount
{
    private readonly Dictionary<string, int> _stages = [];

    public int Injected { get; set; }

    /// <summary>How many of them made a query fail.</summary>
    public int Hurt { get; set; }

    public void FellBack(string stage) => _stages[stage] = _stages.GetValueOrDefault(stage) + 1;

    public override string ToString() => string.Join(
        " | ", [Injected, Injected - Hurt, .. FallbackStages.All.Select(stage => _stages.GetValueOrDefault(stage))]);
}

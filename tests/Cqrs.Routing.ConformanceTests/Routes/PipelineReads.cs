namespace Cqrs.Routing.ConformanceTests.Routes;

/// <summary>What the parts of a pipeline read, for the test to look at afterwards.</summary>
public sealed class PipelineReads
{
    public List<(string Who, string Read)> Seen { get; } = [];
}

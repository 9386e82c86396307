using Cqrs.Routing.Benchmarks.Measuring;
using Cqrs.Routing.Benchmarks.PointQuery;

namespace Cqrs.Routing.Benchmarks.Parts;

/// <summary>The same point query with one half of the library at a time.</summary>
internal sealed class PartCandidates(NotesServers servers) : IDisposable
{
    private readonly (string Name, NotesApplication Application)[] _parts =
    [
        (PointQueryCandidates.Plain, NotesApplication.Plain(servers.For("plain"))),
        (PointQueryCandidates.Control, NotesApplication.Plain(servers.For("control"))),
        (PointQueryCandidates.Floor, NotesApplication.Floor(servers.For("floor"))),
        ("the behavior alone", NotesApplication.BehaviorAlone(servers.For("behavior"))),
        ("the context alone", NotesApplication.ContextAlone(servers.For("context"))),
        (PointQueryCandidates.Routed, NotesApplication.Routed(servers.For("routed"))),
    ];

    public IReadOnlyList<Candidate> All => [.. _parts.Select(part => new Candidate(part.Name, () => part.Application.SendAsync(FindNote.Instance)))];

    public void Dispose()
    {
        foreach (var (_, application) in _parts)
            application.Dispose();
    }
}

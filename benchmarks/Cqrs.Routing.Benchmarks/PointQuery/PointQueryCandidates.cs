using Cqrs.Routing.Benchmarks.Measuring;

namespace Cqrs.Routing.Benchmarks.PointQuery;

/// <summary>Sends a query that reads one row by its key, in a new scope with a pooled context.</summary>
internal sealed class PointQueryCandidates(NotesServers servers) : IDisposable
{
    public const string Plain = "plain EF Core";
    public const string Control = "plain EF Core again (A/A control)";
    public const string Routed = "Cqrs.Routing";

    private readonly NotesApplication _plain = NotesApplication.Plain(servers);
    private readonly NotesApplication _control = NotesApplication.Plain(servers);
    private readonly NotesApplication _twoTypes = NotesApplication.TwoTypes(servers);
    private readonly NotesApplication _rewriting = NotesApplication.Rewriting(servers);
    private readonly NotesApplication _routed = NotesApplication.Routed(servers);

    public IReadOnlyList<Candidate> Untracked =>
    [
        new(Plain, () => _plain.SendAsync(FindNote.Instance)),
        new(Control, () => _control.SendAsync(FindNote.Instance)),
        new("two context types", () => _twoTypes.SendAsync(FindNote.Instance)),
        new("connection string rewritten by an interceptor", () => _rewriting.SendAsync(FindNote.Instance)),
        new(Routed, () => _routed.SendAsync(FindNote.Instance)),
    ];

    public IReadOnlyList<Candidate> Tracked =>
    [
        new(Plain, () => _plain.SendAsync(TrackNote.Instance)),
        new(Control, () => _control.SendAsync(TrackNote.Instance)),
        new("two context types", () => _twoTypes.SendAsync(TrackNote.Instance)),
        new("connection string rewritten by an interceptor", () => _rewriting.SendAsync(TrackNote.Instance)),
        new(Routed, () => _routed.SendAsync(TrackNote.Instance)),
    ];

    public void Dispose()
    {
        _plain.Dispose();
        _control.Dispose();
        _twoTypes.Dispose();
        _rewriting.Dispose();
        _routed.Dispose();
    }
}

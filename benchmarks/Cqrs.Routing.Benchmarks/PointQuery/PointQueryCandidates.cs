using Cqrs.Routing.Benchmarks.Measuring;
using MediatR;

namespace Cqrs.Routing.Benchmarks.PointQuery;

/// <summary>Sends a query that reads one row by its key, in a new scope with a pooled context.</summary>
internal sealed class PointQueryCandidates(NotesServers servers) : IDisposable
{
    public const string Plain = "plain EF Core";
    public const string Control = "plain EF Core again (A/A control)";
    public const string Routed = "Cqrs.Routing";

    private readonly NotesApplication _plain = NotesApplication.Plain(servers);
    private readonly NotesApplication _control = NotesApplication.Plain(servers);
    private readonly NotesApplication _floor = NotesApplication.Floor(servers);
    private readonly NotesApplication _twoTypes = NotesApplication.TwoTypes(servers);
    private readonly NotesApplication _rewriting = NotesApplication.Rewriting(servers);
    private readonly NotesApplication _routed = NotesApplication.Routed(servers);

    public IReadOnlyList<Candidate> Untracked => Of(FindNote.Instance);

    public IReadOnlyList<Candidate> Tracked => Of(TrackNote.Instance);

    public void Dispose()
    {
        _plain.Dispose();
        _control.Dispose();
        _floor.Dispose();
        _twoTypes.Dispose();
        _rewriting.Dispose();
        _routed.Dispose();
    }

    private IReadOnlyList<Candidate> Of(IRequest<Note> query) =>
    [
        new(Plain, () => _plain.SendAsync(query)),
        new(Control, () => _control.SendAsync(query)),
        new("plain EF Core and an AsyncLocal that nobody reads", () => _floor.SendAsync(query)),
        new("two context types", () => _twoTypes.SendAsync(query)),
        new("connection string rewritten by an interceptor", () => _rewriting.SendAsync(query)),
        new(Routed, () => _routed.SendAsync(query)),
    ];
}

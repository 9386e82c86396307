using Cqrs.Routing.Benchmarks.Measuring;
using MediatR;

namespace Cqrs.Routing.Benchmarks.PointQuery;

/// <summary>Sends a query that reads one row by its key, in a new scope with a pooled context.</summary>
internal sealed class PointQueryCandidates(NotesServers servers) : IDisposable
{
    public const string Plain = "plain EF Core";
    public const string Control = "plain EF Core again (A/A control)";
    public const string Floor = "plain EF Core and an AsyncLocal that nobody reads";
    public const string Routed = "Cqrs.Routing";

    private readonly NotesApplication _plain = NotesApplication.Plain(servers.For("plain"));
    private readonly NotesApplication _control = NotesApplication.Plain(servers.For("control"));
    private readonly NotesApplication _floor = NotesApplication.Floor(servers.For("floor"));
    private readonly NotesApplication _twoTypes = NotesApplication.TwoTypes(servers.For("two types"));
    private readonly NotesApplication _rewriting = NotesApplication.Rewriting(servers.For("rewriting"));
    private readonly NotesApplication _routed = NotesApplication.Routed(servers.For("routed"));

    // More than one connection in each pool, as where requests come side by side. Npgsql hands them out in turn, and a server process that was not asked last is slower: one
    // query at a time would have a pool of one without routing, and of two with it, as its monitor has asked the replica beside a query.
    private const int Connections = 4;

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

    /// <summary>Opens a few connections to both servers.</summary>
    public async Task FillPoolsAsync()
    {
        foreach (var candidate in Untracked)
            await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => candidate.RunAsync(Connections)));
    }

    private IReadOnlyList<Candidate> Of(IRequest<Note> query) =>
    [
        new(Plain, () => _plain.SendAsync(query)),
        new(Control, () => _control.SendAsync(query)),
        new(Floor, () => _floor.SendAsync(query)),
        new("two context types", () => _twoTypes.SendAsync(query)),
        new("connection string rewritten by an interceptor", () => _rewriting.SendAsync(query)),
        new(Routed, () => _routed.SendAsync(query)),
    ];
}

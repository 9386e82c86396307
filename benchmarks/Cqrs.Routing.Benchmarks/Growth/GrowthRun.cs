using Cqrs.Routing.Benchmarks.Measuring;
using Cqrs.Routing.Benchmarks.PointQuery;
using MediatR;

namespace Cqrs.Routing.Benchmarks.Growth;

/// <summary>How the cost grows with what it may grow with, on SQLite: what routing adds per piece has to stay the same, or become less, and so the ratio.</summary>
internal static class GrowthRun
{
    private const int Epochs = 3;
    private const int Rounds = 30;

    public static async Task<int> RunAsync()
    {
        await using var servers = await NotesServers.SqliteAsync();
        int[] depths = [1, 2, 4, 8, 16, 32, 64];
        await PrintAsync(servers, "Queries in one another, per level", depths, static depth => new Nest(depth, Reads: false));
        await PrintAsync(servers, "Queries in one another that read a row each, per level", depths, static depth => new Nest(depth, Reads: true));
        await PrintAsync(servers, "Contexts in one query, per context", [1, 2, 5, 10], static contexts => new ReadSeveral(contexts));
        await PrintAsync(servers, "Rows that a query tracks, per row", [1, 10, 100, 1000, 10_000], static rows => new TrackMany(rows));
        await PrintAsync(servers, "The same, and a command after it in the same scope, per row", [1, 10, 100, 1000, 10_000], static rows => new TrackMany(rows), Dispatch.Change.Instance);
        await PrintAsync(servers, "A new raw SQL text of so many KB: comments, per KB", [1, 10, 100, 1000], static size => new ReadText(() => Texts.Comments(size)));
        await PrintAsync(servers, "A new raw SQL text of so many KB: a list of numbers, per KB", [1, 10, 100, 1000], static size => new ReadText(() => Texts.Numbers(size)));
        await PrintAsync(servers, "A new raw SQL text of so many KB: a literal, per KB", [1, 10, 100, 1000], static size => new ReadText(() => Texts.Literal(size)));
        var next = 0;
        await PrintAsync(servers, "Request types in turn, per request", [1, 10, 100, 1000], types => ManyTypes.Requests[next++ % types], perPiece: false, firstSends: 3);
        return 0;
    }

    private static async Task PrintAsync(
        NotesServers servers, string title, int[] sizes, Func<int, IRequest<string>> request, IRequest<string>? then = null, bool perPiece = true, int firstSends = 0)
    {
        Tables.Begin(title, "size", "plain, µs", "time, ratio", "plain, bytes", "bytes, more");
        foreach (var size in sizes)
        {
            var measured = await Interleaved.RunAsync(() => Build(servers, size, request, then, firstSends), Epochs, Rounds);
            var (plain, routed) = (measured[0], measured[1]);
            double pieces = perPiece ? size : 1;
            Tables.Row(
                $"{size}",
                $"{plain.Time / pieces / 1000:F3}",
                $"{routed.RatioTo(plain):F2}",
                $"{plain.Bytes / pieces:F0}",
                $"{(routed.Bytes - plain.Bytes) / pieces:+0;-0;0}");
        }
    }

    private static Stage Build(NotesServers servers, int size, Func<int, IRequest<string>> request, IRequest<string>? then, int firstSends)
    {
        var (plain, routed) = (NotesApplication.Plain(servers, ManyTypes.AddHandlers), NotesApplication.Routed(servers, ManyTypes.AddHandlers));
        return new([Of(plain), Of(routed)], new Owner(plain, routed), () => PrepareAsync([plain, routed]));

        // Each type is sent a few times first: only then does the container compile what makes it, on another thread.
        async Task PrepareAsync(NotesApplication[] applications)
        {
            foreach (var application in applications)
            {
                for (var sent = 0; sent < firstSends * size; sent++)
                    await application.SendAsync(request(size));
            }

            while (ThreadPool.PendingWorkItemCount > 0)
                await Task.Delay(10);
        }

        Candidate Of(NotesApplication application) => new(
            "",
            () => then is null ? application.SendAsync(request(size)) : application.SendBothAsync(request(size), then));
    }

    private sealed class Owner(NotesApplication plain, NotesApplication routed) : IDisposable
    {
        public void Dispose()
        {
            plain.Dispose();
            routed.Dispose();
        }
    }
}

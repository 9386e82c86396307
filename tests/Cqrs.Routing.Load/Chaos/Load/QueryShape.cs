using Cqrs.Routing.Load.Application;
using Cqrs.Routing.Load.Chaos.Data;
using Cqrs.Routing.Load.Chaos.Queries;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Load.Chaos.Load;

/// <summary>One of the ways in which an application reads.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Weight">How often, beside the others.</param>
/// <param name="AskAsync">Reads in the scope of a request: the session's own row, the shared row, and more.</param>
internal sealed record QueryShape(string Name, int Weight, Func<IServiceProvider, int, Random, CancellationToken, Task<Answer>> AskAsync)
{
    private const int Shared = Worker.SharedRow;

    /// <summary>Not chosen by weight: it comes before a command, in its scope.</summary>
    public static QueryShape BeforeCommand { get; } = new("before a command", 0, async (services, own, _, token) =>
    {
        await SenderOf(services).Send(new TrackRow(own), token);
        return new([]);
    });

    public static IReadOnlyList<QueryShape> All { get; } =
    [
        new("one row", 30, async (services, own, _, token) => new([await SenderOf(services).Send(new ReadRows(own, Shared), token)])),
        new("one row, synchronous", 4, (services, own, _, token) => SenderOf(services).Send(new ReadSynchronously(own, Shared), token)),
        new("scalars", 10, (services, own, _, token) => SenderOf(services).Send(new SumAccounts(own, Shared), token)),
        new("list, tracked", 14, (services, own, _, token) => SenderOf(services).Send(new ListAccounts(own, Shared), token)),
        new("many rows, one by one", 8, (services, own, random, token) => SenderOf(services).Send(new ReadDocuments(own, Shared, Slowly(random)), token)),
        new("transaction", 8, (services, own, random, token) => SenderOf(services).Send(new ReadInTransaction(own, Shared, Slowly(random) * 20), token)),
        new("three contexts in turn", 6, (services, own, _, token) => SenderOf(services).Send(new ReadInScopes(own, Shared), token)),
        new("three contexts at once", 5, (services, own, random, token) => SenderOf(services).Send(new ReadInParallel(own, Shared, Slowly(random)), token)),
        new("queries in a query", 4, (services, own, random, token) => SenderOf(services).Send(new ReadNested(own, Shared, Slowly(random)), token)),
        new("a query per few rows", 4, (services, own, random, token) => SenderOf(services).Send(new ReadDetails(own, Shared, Slowly(random)), token)),
        new("RouteScope.BeginQuery", 8, ReadOutsideMediatorAsync),
        new("stream", 8, StreamAsync),
        BeforeCommand,
    ];

    private static ISender SenderOf(IServiceProvider services) => services.GetRequiredService<ISender>();

    private static TimeSpan Slowly(Random random) => TimeSpan.FromMilliseconds(random.Next(1, 8));

    private static async Task<Answer> ReadOutsideMediatorAsync(IServiceProvider services, int own, Random random, CancellationToken cancellationToken)
    {
        using var session = services.GetRequiredService<RoutingSession>().Begin();
        using var query = RouteScope.BeginQuery();
        return new([await services.GetRequiredService<LoadContext>().Read(own, Shared).SingleAsync(cancellationToken)]);
    }

    private static async Task<Answer> StreamAsync(IServiceProvider services, int own, Random random, CancellationToken cancellationToken)
    {
        var wanted = random.Next(2) == 0 ? Contents.Documents : random.Next(1, 6);
        var (count, idSum) = (0, 0);
        try
        {
            await foreach (var document in SenderOf(services).CreateStream(new StreamDocuments(wanted, Slowly(random)), cancellationToken))
            {
                count++;
                idSum += document.Id;
            }
        }
        catch (Exception e) when (count > 0)
        {
            throw new BrokenStreamException(e);
        }

        return new([], Contents.Check(count, idSum, wanted));
    }
}

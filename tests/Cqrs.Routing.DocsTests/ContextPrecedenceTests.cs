using System.Transactions;
using Cqrs.Routing.DocsTests.Prelude;
using Cqrs.Routing.Testing;
using MediatR;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.DocsTests;

/// <summary>The order of the last table of <c>docs/precedence.md</c>: of two simultaneous situations, the earlier row gives the reason.</summary>
public sealed class ContextPrecedenceTests
{
    private static readonly RouteReason[] Situations =
        [RouteReason.NoReplica, RouteReason.OpenConnection, RouteReason.AmbientTransaction, RouteReason.ReplicaUnavailable, RouteReason.NotCaughtUp];

    public static TheoryData<RouteReason, RouteReason> Pairs =>
        [.. from one in Situations from other in Situations where one < other select (one, other)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Of_two_situations_the_earlier_row_decides(RouteReason one, RouteReason other)
    {
        RouteReason[] both = [one, other];

        var reason = await ReasonInAsync(both);

        reason.ShouldBe(both.MinBy(RowOf));
    }

    [Fact]
    public async Task A_query_in_none_of_the_situations_reads_the_replica() => (await ReasonInAsync([])).ShouldBe(RouteReason.Query);

    // The last row that names it: the earlier one of a replica that does not answer needs a history of failures.
    private static int RowOf(RouteReason reason)
    {
        var rows = Table.Under("docs/precedence.md", "Where its contexts go");
        var row = rows.ToList().FindLastIndex(row => row[3].Split(", ").Contains(reason.ToString()));
        row.ShouldBeGreaterThanOrEqualTo(0, $"{reason} is in no row.");
        return row;
    }

    private static async Task<RouteReason> ReasonInAsync(RouteReason[] situations)
    {
        using var lag = new LagSimulator();
        var services = new ServiceCollection().AddLogging();
        services.AddDbContext<AppDbContext>(options =>
        {
            options.UseLagSimulator(lag).ConfigureWarnings(static warnings => warnings.Ignore(RelationalEventId.AmbientTransactionWarning));
            if (situations.Contains(RouteReason.NoReplica))
                options.UseReplica((string?)null);
        });
        services.AddMediatR(static mediatr => mediatr.RegisterServicesFromAssemblyContaining<ListCustomers>());
        services.AddRoutingBehavior();
        services.AddRouteRecorder();
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        await using var scope = provider.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();
        await db.Database.EnsureCreatedAsync();

        if (situations.Contains(RouteReason.NotCaughtUp))
        {
            lag.Freeze();
            await sender.Send(new AddCustomer());
        }

        if (situations.Contains(RouteReason.ReplicaUnavailable))
            File.Delete(new SqliteConnectionStringBuilder(lag.Replica).DataSource);
        await using var open = situations.Contains(RouteReason.OpenConnection) ? await db.Database.BeginTransactionAsync() : null;
        using var ambient = situations.Contains(RouteReason.AmbientTransaction) ? new TransactionScope(TransactionScopeAsyncFlowOption.Enabled) : null;
        await sender.Send(new ListCustomers());

        return provider.GetRequiredService<RouteRecorder>().GetRecords<ListCustomers>().Last(static record => record.Context is not null).Reason;
    }
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Writes;

/// <summary>Group C, SQL Server: <c>ApplicationIntent=ReadOnly</c> refuses nothing by itself, so the guard does. Needs no server.</summary>
public sealed class ReadOnlyIntentTests
{
    [Fact]
    [Trait("Case", "C081")]
    public async Task A_query_is_sent_with_read_only_intent_and_its_writes_are_refused_by_the_guard()
    {
        await using var pair = new SqlitePair();
        await using var app = RoutedApp.Start(pair, options =>
        {
            options.ConfigureContext = (_, _) => { };
            options.ConfigureServices = services => services.AddDbContext<Mappings.MappingContext>(builder => builder
                .UseSqlServer("Server=nowhere.invalid;Database=park")
                .UseReadOnlyIntentReplica()
                .AddInterceptors(new NeverOpens()));
        });

        await app.SendAsync(new Read(async handling =>
        {
            var db = handling.Services.GetRequiredService<Mappings.MappingContext>();
            db.Database.GetConnectionString()!.Replace(" ", "").ShouldContain("ApplicationIntent=ReadOnly");
            await Should.ThrowAsync<QueryWriteException>(() => db.Database.ExecuteSqlRawAsync("DELETE FROM Tickets"));
            await Should.ThrowAsync<QueryWriteException>(() => db.Tickets.ExecuteDeleteAsync());
            db.Add(new Mappings.Ticket { Visitor = "Ada" });
            await Should.ThrowAsync<QueryWriteException>(() => db.SaveChangesAsync());
        }));
        await app.SendAsync(new WriteNothingBack(async handling =>
        {
            await Task.Yield();
            var db = handling.Services.GetRequiredService<Mappings.MappingContext>();
            db.Database.GetConnectionString()!.ShouldNotContain("Intent");
        }));
    }

    private sealed class NeverOpens : DbConnectionInterceptor
    {
        public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            new(InterceptionResult.Suppress());
    }
}

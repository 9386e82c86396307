using Dapper;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Consistency;

/// <summary>A session sees its own writes, whether the sender's execution flow is suppressed or code writes outside requests.</summary>
public sealed class SessionFlowTests(PairFixture<PostgresPairDatabase> fixture) : PositionTest(fixture), IClassFixture<PairFixture<PostgresPairDatabase>>
{
    [Fact]
    public async Task A_query_that_is_sent_with_its_flow_suppressed_cannot_write()
    {
        await using var app = StartWithPositions();

        await app.InScopeAsync(async scope =>
        {
            var sending = Suppressed(() => scope.Sender.Send(new Read(async handling =>
            {
                await Task.Yield();
                await RenameAsync(handling.Db, "written");
            })));

            await Should.ThrowAsync<QueryWriteException>(() => sending);
        });

        app.Log.Counts.ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_command_that_is_sent_with_its_flow_suppressed_counts()
    {
        await using var app = StartWithPositions();

        await app.InScopeAsync(async scope =>
        {
            await Suppressed(() => scope.Sender.Send(new Write(async handling =>
            {
                await Task.Yield();
                (await handling.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current);
                await RenameAsync(handling.Db, "written");
            })));

            (await scope.Sender.Send(ReadName)).ShouldBe("written");
        });
    }

    [Fact]
    public async Task The_flow_of_the_caller_stays_suppressed()
    {
        await using var app = StartWithPositions();

        await app.InScopeAsync(async scope =>
        {
            Task<object?> sending;
            using (ExecutionContext.SuppressFlow())
            {
                sending = scope.Sender.Send(ReadName);
                ExecutionContext.IsFlowSuppressed().ShouldBeTrue();
            }

            (await sending).ShouldBe(DatabasePair.Replicated);
        });
    }

    [Fact]
    public async Task A_stream_that_is_read_with_its_flow_suppressed_keeps_its_route_and_cannot_write()
    {
        await using var app = StartWithPositions();

        await app.InScopeAsync(async scope =>
        {
            await using var elements = scope.Sender.CreateStream(new ReadStream(Elements)).GetAsyncEnumerator();
            foreach (var expected in (string[])[DatabasePair.Replicated, "refused"])
            {
                (await Suppressed(() => elements.MoveNextAsync().AsTask())).ShouldBeTrue();
                elements.Current.ShouldBe(expected);
            }
        });

        static async IAsyncEnumerable<object> Elements(Handling handling)
        {
            await Task.Yield();
            yield return await handling.Db.Orders.AsNoTracking().Select(order => order.Name).SingleAsync();
            await Task.Yield();
            yield return await RefusedAsync(handling) ? "refused" : "written";
        }
    }

    [Fact]
    public async Task A_task_that_a_command_left_running_counts_when_it_saves()
    {
        await using var app = StartWithPositions();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = Task.CompletedTask;

        await app.InScopeAsync(async scope =>
        {
            using var session = SessionOf(scope).Begin();
            await scope.Sender.Send(new Write(handling =>
            {
                left = Task.Run(async () =>
                {
                    await gate.Task;
                    await using var own = app.Services.CreateAsyncScope();
                    await RenameAsync(own.ServiceProvider.GetRequiredService<ShopContext>(), "written");
                });
                return Task.CompletedTask;
            }));
            // The primary is asked for the command, and not again without a reason.
            (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current);
            await Pair.ReplicateAsync();
            (await scope.Sender.Send(ReadName)).ShouldBe(DatabasePair.Current);

            gate.SetResult();
            await left;

            (await scope.Sender.Send(ReadName)).ShouldBe("written");
        });
    }

    public static TheoryData<string> ByHand => [.. WaysByHand.Keys];

    private static Dictionary<string, Func<Handling, Func<Task>, Task>> WaysByHand { get; } = new()
    {
        ["the bare connection"] = async (scope, ask) =>
        {
            var connection = scope.Db.Database.GetDbConnection();
            await ask();
            await connection.ExecuteAsync(WaysToWrite.Update);
        },
        ["the bare connection of EF's service"] = async (scope, ask) =>
        {
            var connection = scope.Db.GetService<IRelationalConnection>().DbConnection;
            await ask();
            await connection.ExecuteAsync(WaysToWrite.Update);
        },
        ["a connection opened by hand"] = async (scope, ask) =>
        {
            await scope.Db.Database.OpenConnectionAsync();
            await ask();
            await scope.Db.Database.GetDbConnection().ExecuteAsync(WaysToWrite.Update);
            await scope.Db.Database.CloseConnectionAsync();
        },
        ["a transaction"] = async (scope, ask) =>
        {
            await using var transaction = await scope.Db.Database.BeginTransactionAsync();
            await scope.Db.Database.GetDbConnection().ExecuteAsync(WaysToWrite.Update, transaction: transaction.GetDbTransaction());
            await ask();
            await transaction.CommitAsync();
        },
        ["a transaction that the application supplies"] = async (scope, ask) =>
        {
            await using var connection = new Npgsql.NpgsqlConnection(scope.Db.Database.GetConnectionString());
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            scope.Db.Database.SetDbConnection(connection);
            await scope.Db.Database.UseTransactionAsync(transaction);
            await RenameAsync(scope.Db, "written");
            await ask();
            await transaction.CommitAsync();
        },
        ["ExecuteUpdate"] = async (scope, ask) =>
        {
            await ask();
            await RenameAsync(scope.Db, "written");
        },
        ["ExecuteSql"] = async (scope, ask) =>
        {
            await ask();
            await scope.Db.Database.ExecuteSqlRawAsync(WaysToWrite.Update);
        },
        ["ExecuteUpdate in ForcePrimary"] = async (scope, ask) =>
        {
            using var forced = RouteScope.ForcePrimary();
            await RenameAsync(scope.Db, "written");
        },
        ["SaveChanges in ForcePrimary"] = async (scope, ask) =>
        {
            using var forced = RouteScope.ForcePrimary();
            (await scope.Db.Orders.SingleAsync()).Name = "written";
            await scope.Db.SaveChangesAsync();
        },
        ["the bare connection in ForcePrimary"] = async (scope, ask) =>
        {
            using var forced = RouteScope.ForcePrimary();
            var connection = scope.Db.Database.GetDbConnection();
            await connection.ExecuteAsync(WaysToWrite.Update);
        },
        ["a transaction around a command that is committed past EF"] = async (scope, ask) =>
        {
            await using var transaction = await scope.Db.Database.BeginTransactionAsync();
            await scope.Sender.Send(Rename("written"));
            await ask();
            await transaction.GetDbTransaction().CommitAsync();
        },
        ["a command in a session in the session"] = async (scope, ask) =>
        {
            await ask();
            await using var own = scope.Services.CreateAsyncScope();
            using (own.ServiceProvider.GetRequiredService<RoutingSession>().Begin())
                await own.ServiceProvider.GetRequiredService<MediatR.ISender>().Send(Rename("written"));
        },
        ["a function behind SqlQuery"] = async (scope, ask) =>
        {
            await ask();
            await scope.Db.Database.SqlQueryRaw<int>("SELECT rename_all() AS \"Value\"").ToListAsync();
        },
        ["SaveChanges"] = async (scope, ask) =>
        {
            await ask();
            (await scope.Db.Orders.SingleAsync()).Name = "written";
            await scope.Db.SaveChangesAsync();
        },
        ["a context whose connection was changed"] = async (scope, ask) =>
        {
            scope.Db.Database.SetConnectionString(scope.Db.Database.GetConnectionString());
            await ask();
            await RenameAsync(scope.Db, "written");
        },
        ["NoteWrite"] = async (scope, ask) =>
        {
            await ask();
            await using var db = new Npgsql.NpgsqlConnection(scope.Db.Database.GetConnectionString());
            await db.ExecuteAsync(WaysToWrite.Update);
            RoutingSession.Current!.NoteWrite();
        },
    };

    [Theory]
    [MemberData(nameof(ByHand))]
    public async Task A_write_outside_requests_counts_even_after_a_query_has_asked(string how)
    {
        await using (var db = Pair.Direct(Server.Primary))
            await db.Database.ExecuteSqlRawAsync(WaysToWrite.Function);
        await using var app = StartWithPositions();

        await app.InScopeAsync(async scope =>
        {
            using var session = SessionOf(scope).Begin();
            await scope.Sender.Send(new Write(_ => Task.CompletedTask));
            await Pair.ReplicateAsync();
            (await QueryAsync()).ShouldBe(DatabasePair.Current);
            await WaysByHand[how](scope, AskAsync);

            // In a scope of its own, as the context of this one may be in the middle of something.
            (await QueryAsync()).ShouldBe("written");

            async Task AskAsync() => (await QueryAsync()).ShouldBe(DatabasePair.Current);
        });

        async Task<object?> QueryAsync()
        {
            await using var own = app.Services.CreateAsyncScope();
            return await new Handling(own.ServiceProvider, CancellationToken.None).Sender.Send(ReadName);
        }
    }

    [Fact]
    public async Task A_session_in_a_session_knows_what_was_done_before()
    {
        await using var app = StartWithPositions();

        await app.InScopeAsync(async scope =>
        {
            using var session = SessionOf(scope).Begin();
            await scope.Sender.Send(Rename("written"));
            await using var own = scope.Services.CreateAsyncScope();
            using (own.ServiceProvider.GetRequiredService<RoutingSession>().Begin())
                (await own.ServiceProvider.GetRequiredService<MediatR.ISender>().Send(ReadName)).ShouldBe("written");
        });
    }

    private static async Task<bool> RefusedAsync(Handling handling)
    {
        try
        {
            await RenameAsync(handling.Db, "written");
            return false;
        }
        catch (QueryWriteException)
        {
            return true;
        }
    }

    private static Task<T> Suppressed<T>(Func<Task<T>> send)
    {
        using (ExecutionContext.SuppressFlow())
            return send();
    }
}

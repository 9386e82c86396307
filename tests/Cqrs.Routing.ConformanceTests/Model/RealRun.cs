using System.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.ConformanceTests.Model;

/// <summary>Runs a random program on the library and two databases, and writes down what each read really reached.</summary>
public sealed class RealRun(RoutedApp app)
{
    private readonly List<string> _trace = [];
    private readonly List<(TaskCompletionSource Begin, Task<string> Work)> _background = [];
    private bool _anyTransaction;

    public static async Task<IReadOnlyList<string>> Run(Step[] program, RoutedApp app)
    {
        var run = new RealRun(app);
        try
        {
            await app.InScopeAsync(handling => run.Run(program, new Place(handling, InQuery: false)));
        }
        catch (Exception e) when (OutcomeOf(e) is not null)
        {
            run._trace.Add($"end:{OutcomeOf(e)}");
        }

        // One after the other, because all share the log of the application.
        foreach (var (begin, work) in run._background)
        {
            begin.SetResult();
            run._trace.Add(await work);
        }

        return run._trace;
    }

    private static Outcome? OutcomeOf(Exception exception) => exception switch
    {
        CommandInQueryException => Outcome.CommandInQuery,
        QueryWriteException => Outcome.WriteRefused,
        InvalidOperationException { Message: var message } when message.Contains("still open on the replica", StringComparison.Ordinal) => Outcome.OpenOnReplica,
        OperationCanceledException => Outcome.Canceled,
        ProgramFailure => Outcome.Failed,
        _ => null,
    };

    private async Task Run(Step[] body, Place place)
    {
        foreach (var step in body)
            await Run(step, place);
    }

    private Task Run(Step step, Place place) => step switch
    {
        Step.Read => Read(place),
        Step.TryWrite => place.InQuery || !(_anyTransaction || System.Transactions.Transaction.Current is not null)
            ? place.Handling.Db.Orders.ExecuteUpdateAsync(orders => orders.SetProperty(order => order.Version, 1))
            : Task.CompletedTask,
        Step.Send send => Send(send, place),
        Step.Scope scope => Scope(scope, place),
        Step.Transaction transaction => Transaction(transaction, place),
        Step.OpenConnection open => OpenConnection(open, place),
        Step.Ambient ambient => Ambient(ambient, place),
        Step.ForcePrimary force => Using(RouteScope.ForcePrimary, force.Body, place),
        Step.BeginQuery query => Using(() => RouteScope.BeginQuery(), query.Body, place with { InQuery = true }),
        Step.Fail { Canceled: true } => throw new OperationCanceledException(),
        Step.Fail => throw new ProgramFailure(Outcome.Failed),
        Step.Catch inner => Catch(inner, place),
        Step.Background => StartBackground(),
        _ => throw new NotSupportedException(step.ToString()),
    };

    private async Task Read(Place place) => _trace.Add($"read:{await ServerOf(place.Handling)}");

    private async Task<Server> ServerOf(Handling handling)
    {
        app.Log.Clear();
        await handling.Db.Database.SqlQueryRaw<int>("SELECT 1 AS \"Value\"").ToListAsync();
        return app.Log.Counts switch
        {
            (1, 0) => Server.Primary,
            (0, 1) => Server.Replica,
            var counts => throw new NotSupportedException($"One read sent {counts} commands."),
        };
    }

    private async Task Send(Step.Send send, Place place)
    {
        var inQuery = send.Kind switch
        {
            SendKind.Command or SendKind.VoidCommand => false,
            SendKind.Unmarked => place.InQuery,
            _ => true,
        };
        Task Handle(Handling handling) => Run(send.Body, new Place(handling, inQuery));
        var sender = place.Handling.Sender;
        switch (send.Kind)
        {
            case SendKind.Query:
                await sender.Send(new Read(Handle));
                break;
            case SendKind.QueryOnPrimary:
                await sender.Send(new ReadFromPrimaryQuery(Handle));
                break;
            case SendKind.Command:
                await sender.Send(new Write(Handle));
                break;
            case SendKind.VoidCommand:
                await sender.Send(new WriteNothingBack(Handle));
                break;
            case SendKind.Unmarked:
                await sender.Send(new Neither(Handle));
                break;
            case SendKind.Stream:
                await foreach (var _ in sender.CreateStream(new ReadStream(handling => Stream(send.Body, new Place(handling, inQuery)))))
                {
                    // Whoever enumerates is outside the query between two elements.
                }

                break;
        }
    }

    private async IAsyncEnumerable<object> Stream(Step[] body, Place place)
    {
        foreach (var step in body)
        {
            await Run(step, place);
            yield return step;
        }
    }

    private async Task Scope(Step.Scope step, Place place)
    {
        await using var scope = place.Handling.Services.CreateAsyncScope();
        await Run(step.Body, place with { Handling = new(scope.ServiceProvider, CancellationToken.None) });
    }

    private async Task Transaction(Step.Transaction step, Place place)
    {
        if (System.Transactions.Transaction.Current is not null || _anyTransaction)
        {
            await Run(step.Body, place);
            return;
        }

        _anyTransaction = true;
        try
        {
            await using var transaction = await place.Handling.Db.Database.BeginTransactionAsync();
            await Run(step.Body, place);
        }
        finally
        {
            _anyTransaction = false;
        }
    }

    private async Task OpenConnection(Step.OpenConnection step, Place place)
    {
        await place.Handling.Db.Database.OpenConnectionAsync();
        try
        {
            await Run(step.Body, place);
        }
        finally
        {
            await place.Handling.Db.Database.CloseConnectionAsync();
        }
    }

    private async Task Ambient(Step.Ambient step, Place place)
    {
        if (_anyTransaction)
        {
            await Run(step.Body, place);
            return;
        }

        using var scope = new TransactionScope(
            step.Suppress ? TransactionScopeOption.Suppress : TransactionScopeOption.RequiresNew, TransactionScopeAsyncFlowOption.Enabled);
        await Run(step.Body, place);
        scope.Complete();
    }

    private async Task Using(Func<IDisposable> begin, Step[] body, Place place)
    {
        using var scope = begin();
        await Run(body, place);
    }

    private async Task Catch(Step.Catch step, Place place)
    {
        try
        {
            await Run(step.Body, place);
        }
        catch (Exception e) when (OutcomeOf(e) is not null)
        {
            _trace.Add($"caught:{OutcomeOf(e)}");
        }
    }

    private Task StartBackground()
    {
        if (System.Transactions.Transaction.Current is not null)
            return Task.CompletedTask;

        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _background.Add((begin, Task.Run(() => Background(begin.Task))));
        return Task.CompletedTask;
    }

    private async Task<string> Background(Task begin)
    {
        await begin;
        var outside = default(Server);
        await app.InScopeAsync(async handling => outside = await ServerOf(handling));
        var query = await app.SendAsync(new Read(async handling => await ServerOf(handling)));
        return $"background:{outside},{query}";
    }

    /// <summary>Where a step runs: whose scope, and whether a query is around it.</summary>
    private sealed record Place(Handling Handling, bool InQuery);
}

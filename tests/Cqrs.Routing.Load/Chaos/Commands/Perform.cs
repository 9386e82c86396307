using System.Transactions;
using Cqrs.Routing.Load.Application;
using Cqrs.Routing.Load.Chaos.Data;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Load.Chaos.Commands;

/// <summary>Raises the worker's own row to a number, and leaves an <see cref="Execution"/> of that number in the same transaction.</summary>
internal sealed record Perform(int Worker, long Number, PerformKind Kind, int From, int To) : ICommand;

internal sealed class PerformHandler(LoadContext db, ISender sender) : ICommandHandler<Perform>
{
    public Task Handle(Perform command, CancellationToken cancellationToken) => command.Kind switch
    {
        PerformKind.SaveChanges => SaveAsync(command, cancellationToken),
        PerformKind.RawSql => db.Database.ExecuteSqlAsync(
            $"""
            WITH executed AS (INSERT INTO "Executions" ("Worker", "Number") VALUES ({command.Worker}, {command.Number}))
            UPDATE "Rows" SET "Value" = {command.Number} WHERE "Id" = {command.Worker}
            """,
            cancellationToken),
        PerformKind.Transaction => InTransactionAsync(command, _ => Task.CompletedTask, true, cancellationToken),
        PerformKind.TransactionScope => InScopeAsync(command, cancellationToken),
        PerformKind.Transfer => InTransactionAsync(command, _ => TransferAsync(command, cancellationToken), true, cancellationToken),
        PerformKind.WithQuery => InTransactionAsync(command, _ => SeeAsync(command, cancellationToken), true, cancellationToken),
        PerformKind.RollsBack => InTransactionAsync(command with { Number = long.MaxValue }, _ => TransferAsync(command, cancellationToken), false, cancellationToken),
        _ => throw new NotSupportedException($"{command.Kind}"),
    };

    private async Task SaveAsync(Perform command, CancellationToken cancellationToken)
    {
        var row = await db.Rows.SingleAsync(row => row.Id == command.Worker, cancellationToken);
        if (row.Value != command.Number - 1 && command.Number != long.MaxValue)
            throw new InvalidOperationException($"Command {command.Number} of worker {command.Worker} works on a row that holds {row.Value}.");

        row.Value = command.Number;
        db.Add(new Execution { Worker = command.Worker, Number = command.Number });
        await db.SaveChangesAsync(cancellationToken);
    }

    // A strategy that retries asks for all of a transaction.
    private Task InTransactionAsync(Perform command, Func<Perform, Task> more, bool commits, CancellationToken cancellationToken) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(
            async cancellationToken =>
            {
                await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
                await SaveAsync(command, cancellationToken);
                await more(command);
                if (commits)
                    await transaction.CommitAsync(cancellationToken);
                else
                    await transaction.RollbackAsync(cancellationToken);
            },
            cancellationToken);

    private Task InScopeAsync(Perform command, CancellationToken cancellationToken) => db.Database.CreateExecutionStrategy().ExecuteAsync(
        async cancellationToken =>
        {
            var readCommitted = new TransactionOptions { IsolationLevel = IsolationLevel.ReadCommitted };
            using var scope = new TransactionScope(TransactionScopeOption.Required, readCommitted, TransactionScopeAsyncFlowOption.Enabled);
            await SaveAsync(command, cancellationToken);
            scope.Complete();
        },
        cancellationToken);

    // In the order of the ids, so that two transfers do not lock each other out.
    private async Task TransferAsync(Perform command, CancellationToken cancellationToken)
    {
        foreach (var id in new[] { command.From, command.To }.Order())
        {
            var amount = id == command.From ? -command.Worker : command.Worker;
            await db.Accounts.Where(account => account.Id == id)
                .ExecuteUpdateAsync(accounts => accounts.SetProperty(account => account.Balance, account => account.Balance + amount), cancellationToken);
        }
    }

    private async Task SeeAsync(Perform command, CancellationToken cancellationToken)
    {
        var reading = await sender.Send(new ReadRows(command.Worker, command.Worker), cancellationToken);
        if (reading.Own != command.Number || reading.OnReplica)
            throw new InvalidOperationException($"A query inside command {command.Number} of worker {command.Worker} sees {reading}.");
    }
}

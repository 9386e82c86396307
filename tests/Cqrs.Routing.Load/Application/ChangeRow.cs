using System.Transactions;
using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Load.Application;

internal sealed record ChangeRow(int Id, long Value, WriteKind Kind) : ICommand;

internal sealed class ChangeRowHandler(LoadContext db) : ICommandHandler<ChangeRow>
{
    public Task Handle(ChangeRow command, CancellationToken cancellationToken) => command.Kind switch
    {
        WriteKind.SaveChanges => SaveAsync(command, cancellationToken),
        WriteKind.ExecuteUpdate => UpdateAsync(command, cancellationToken),
        WriteKind.Transaction => InTransactionAsync(command, cancellationToken),
        WriteKind.TransactionScope => InScopeAsync(command, cancellationToken),
        WriteKind.RawSql => db.Database.ExecuteSqlAsync($"""UPDATE "Rows" SET "Value" = {command.Value} WHERE "Id" = {command.Id}""", cancellationToken),
        WriteKind.Returning => db.Database
            .SqlQuery<long>($"""UPDATE "Rows" SET "Value" = {command.Value} WHERE "Id" = {command.Id} RETURNING "Value" """)
            .ToListAsync(cancellationToken),
        WriteKind.BareConnection => OnBareConnectionAsync(command, cancellationToken),
        WriteKind.CommitsAndFails => SaveAndFailAsync(command, cancellationToken),
        _ => throw new NotSupportedException($"{command.Kind}"),
    };

    private async Task SaveAsync(ChangeRow command, CancellationToken cancellationToken)
    {
        var row = await db.Rows.SingleAsync(row => row.Id == command.Id, cancellationToken);
        row.Value = command.Value;
        await db.SaveChangesAsync(cancellationToken);
    }

    private Task UpdateAsync(ChangeRow command, CancellationToken cancellationToken) =>
        db.Rows.Where(row => row.Id == command.Id).ExecuteUpdateAsync(rows => rows.SetProperty(row => row.Value, command.Value), cancellationToken);

    private async Task InTransactionAsync(ChangeRow command, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await SaveAsync(command, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task InScopeAsync(ChangeRow command, CancellationToken cancellationToken)
    {
        var readCommitted = new TransactionOptions { IsolationLevel = IsolationLevel.ReadCommitted };
        using var scope = new TransactionScope(TransactionScopeOption.Required, readCommitted, TransactionScopeAsyncFlowOption.Enabled);
        await UpdateAsync(command, cancellationToken);
        scope.Complete();
    }

    private async Task OnBareConnectionAsync(ChangeRow command, CancellationToken cancellationToken)
    {
        var connection = db.Database.GetDbConnection();
        await connection.OpenAsync(cancellationToken);
        await using var update = connection.CreateCommand();
        update.CommandText = $"""UPDATE "Rows" SET "Value" = {command.Value} WHERE "Id" = {command.Id}""";
        await update.ExecuteNonQueryAsync(cancellationToken);
        await connection.CloseAsync();
    }

    private async Task SaveAndFailAsync(ChangeRow command, CancellationToken cancellationToken)
    {
        await SaveAsync(command, cancellationToken);
        throw new FailedAfterCommitException();
    }
}

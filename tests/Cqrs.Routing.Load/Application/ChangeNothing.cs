using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Load.Application;

/// <summary>A command after which everything is as before: it only reads, or rolls back what it wrote.</summary>
internal sealed record ChangeNothing(int Id, bool RollsBack) : ICommand;

internal sealed class ChangeNothingHandler(LoadContext db) : ICommandHandler<ChangeNothing>
{
    public async Task Handle(ChangeNothing command, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var row = await db.Rows.SingleAsync(row => row.Id == command.Id, cancellationToken);
        if (!command.RollsBack)
            return;

        row.Value = long.MaxValue;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.RollbackAsync(cancellationToken);
    }
}

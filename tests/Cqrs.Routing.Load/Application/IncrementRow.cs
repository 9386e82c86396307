using Microsoft.EntityFrameworkCore;

namespace Cqrs.Routing.Load.Application;

internal sealed record IncrementRow(int Id) : ICommand;

internal sealed class IncrementRowHandler(LoadContext db) : ICommandHandler<IncrementRow>
{
    public Task Handle(IncrementRow command, CancellationToken cancellationToken) =>
        db.Rows.Where(row => row.Id == command.Id).ExecuteUpdateAsync(rows => rows.SetProperty(row => row.Value, row => row.Value + 1), cancellationToken);
}

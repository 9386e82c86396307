namespace Cqrs.Routing.MistakeTests.Application;

/// <summary>A query whose handler is written in the test.</summary>
public sealed record GetReport(Func<Work, Task<object?>> Handler) : IQuery<object?>
{
    /// <summary>The query without a mistake.</summary>
    public static GetReport Right => new(work => work.ReadAsync());
}

public sealed class GetReportHandler(IServiceProvider services) : IQueryHandler<GetReport, object?>
{
    public Task<object?> Handle(GetReport query, CancellationToken cancellationToken) => query.Handler(new(services, cancellationToken));
}

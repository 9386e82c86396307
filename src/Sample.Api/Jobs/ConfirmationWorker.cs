using Sample.Api.Traces;

namespace Sample.Api.Jobs;

/// <summary>Takes jobs from the queue. One that fails does not stop the others.</summary>
internal sealed partial class ConfirmationWorker(JobQueue queue, ConfirmationHandler handler, RouteTraces traces, RouteLog log, ILogger<ConfirmationWorker> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var job in queue.DequeueAllAsync(stoppingToken))
                await HandleAsync(job, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task HandleAsync(ConfirmationJob job, CancellationToken stoppingToken)
    {
        var trace = traces.Begin();
        try
        {
            if (await handler.HandleAsync(job, stoppingToken) is null)
                Missing(job.OrderId);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            Failed(job.OrderId, e);
        }

        log.Add($"Job: confirm order {job.OrderId}", trace);
    }

    [LoggerMessage(1, LogLevel.Error, "Order {OrderId} is to be confirmed and does not exist.")]
    private partial void Missing(int orderId);

    [LoggerMessage(2, LogLevel.Error, "Order {OrderId} could not be confirmed.")]
    private partial void Failed(int orderId, Exception exception);
}

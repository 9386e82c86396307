using System.Threading.Channels;

namespace Sample.Api.Jobs;

/// <summary>Stands for a message broker.</summary>
internal sealed class JobQueue
{
    private readonly Channel<ConfirmationJob> _jobs = Channel.CreateUnbounded<ConfirmationJob>();

    public ValueTask EnqueueAsync(ConfirmationJob job, CancellationToken cancellationToken) => _jobs.Writer.WriteAsync(job, cancellationToken);

    public IAsyncEnumerable<ConfirmationJob> DequeueAllAsync(CancellationToken cancellationToken) => _jobs.Reader.ReadAllAsync(cancellationToken);
}

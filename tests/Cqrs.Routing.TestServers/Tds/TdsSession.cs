using System.Net.Sockets;

namespace Cqrs.Routing.TestServers.Tds;

/// <summary>One connection: it says hello, logs in, asks and is answered until one of the two has enough.</summary>
internal sealed class TdsSession(TdsServer server, int number, TcpClient client) : IDisposable
{
    // MS-TDS 2.2.6.5, version, encryption, instance, thread and MARS: none of them, and this server cannot encrypt.
    private static readonly byte[] Hello =
    [
        0x00, 0, 26, 0, 6,
        0x01, 0, 32, 0, 1,
        0x02, 0, 33, 0, 1,
        0x03, 0, 34, 0, 0,
        0x04, 0, 34, 0, 1,
        0xFF,
        16, 0, 0, 0, 0, 0,
        0x02,
        0x00,
        0x00,
    ];

    private readonly TdsChannel _channel = new(client.GetStream());
    private TdsLogin? _login;
    private long _transaction;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var open = true;
        while (open && await _channel.ReadAsync(cancellationToken) is { } message)
            open = await AnswerAsync(message, cancellationToken);
    }

    public void Dispose() => client.Dispose();

    private async Task<bool> AnswerAsync(TdsMessage message, CancellationToken cancellationToken)
    {
        switch (message.Type)
        {
            case TdsMessage.PreLogin:
                await _channel.WriteAsync(Hello, cancellationToken);
                await _channel.EndAsync(cancellationToken);
                return true;
            case TdsMessage.Login:
                _login = TdsLoginReader.Read(message.Body);
                return await LogInAsync(_login, cancellationToken);
            default:
                var request = TdsRequestReader.Read(message, _login!, number, _transaction != 0);
                return await ReplyAsync(request, server.Answer(request), cancellationToken);
        }
    }

    private async Task<bool> LogInAsync(TdsLogin login, CancellationToken cancellationToken)
    {
        if (server.AnswerLogin(login) is { } refusal)
        {
            // Once refused, a connection is of no more use.
            await ReplyAsync(new(login, number, TdsRequestKind.Batch, "", new Dictionary<string, object?>(), false, false), refusal, cancellationToken);
            return refusal.End == TdsEnd.Stall;
        }

        await _channel.WriteAsync(
            login.ReadOnlyIntent && server.ReadOnlyRouting is { } secondary
                ? TdsTokens.RoutedTo(TdsServer.Host, secondary.Port)
                : TdsTokens.LoggedIn(login.Database, server.RestoresSessions),
            cancellationToken);
        await _channel.EndAsync(cancellationToken);
        return true;
    }

    private async Task<bool> ReplyAsync(TdsRequest request, TdsReply reply, CancellationToken cancellationToken)
    {
        if (request.Resets)
            await _channel.WriteAsync(TdsTokens.SessionReset(), cancellationToken);
        foreach (var result in reply.Results)
            await WriteAsync(result, request.Kind, reply, cancellationToken);

        switch (reply.End)
        {
            case TdsEnd.Close:
                await _channel.FlushAsync(cancellationToken);
                return false;
            case TdsEnd.Stall:
                await _channel.FlushAsync(cancellationToken);
                return true;
            case TdsEnd.Error:
                await _channel.WriteAsync(TdsTokens.Error(reply.Failure!), cancellationToken);
                await _channel.WriteAsync(request.Kind == TdsRequestKind.Rpc ? TdsTokens.ProcedureDone(failed: true) : TdsTokens.DoneWithError(), cancellationToken);
                await _channel.EndAsync(cancellationToken);
                return !reply.Failure!.IsFatal;
            default:
                await _channel.WriteAsync(End(request, reply), cancellationToken);
                await _channel.EndAsync(cancellationToken);
                return true;
        }
    }

    private async Task WriteAsync(TdsRows result, TdsRequestKind kind, TdsReply reply, CancellationToken cancellationToken)
    {
        var count = 0;
        await _channel.WriteAsync(TdsRowTokens.Columns(result.Columns), cancellationToken);
        foreach (var row in result.Rows)
        {
            await _channel.WriteAsync(TdsRowTokens.Row(result.Columns, row), cancellationToken);
            count++;
        }

        var isLast = ReferenceEquals(result, reply.Results[^1]);
        if (isLast && reply.End != TdsEnd.Done)
            return;
        if (kind == TdsRequestKind.Rpc)
            await _channel.WriteAsync(TdsTokens.DoneInProcedure(count), cancellationToken);
        else if (!isLast)
            await _channel.WriteAsync(TdsTokens.Done(count, more: true), cancellationToken);
    }

    private byte[] End(TdsRequest request, TdsReply reply)
    {
        switch (request.Kind)
        {
            case TdsRequestKind.Begin:
                _transaction = server.NextTransaction();
                return [.. TdsTokens.TransactionBegun(_transaction), .. TdsTokens.Done(0)];
            case TdsRequestKind.Commit or TdsRequestKind.Rollback:
                var ended = _transaction;
                _transaction = 0;
                return [.. TdsTokens.TransactionEnded(request.Kind == TdsRequestKind.Commit, ended), .. TdsTokens.Done(0)];
            case TdsRequestKind.Attention:
                return TdsTokens.GivenUp();
            case TdsRequestKind.Rpc:
                return reply.Results.Count > 0 ? TdsTokens.ProcedureDone(failed: false)
                    : [.. TdsTokens.DoneInProcedure(reply.Affected), .. TdsTokens.ProcedureDone(failed: false)];
            default:
                return TdsTokens.Done(reply.Affected);
        }
    }
}

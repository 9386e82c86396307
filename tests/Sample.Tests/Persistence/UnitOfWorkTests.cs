using Microsoft.EntityFrameworkCore;
using Sample.Application.Domain;
using Sample.Infrastructure.Persistence;
using Sample.Infrastructure.Sqlite;

namespace Sample.Tests.Persistence;

public sealed class UnitOfWorkTests : IDisposable
{
    private readonly SqliteFiles _files = new();
    private readonly SampleDbContext _db;
    private readonly UnitOfWork _unitOfWork;

    public UnitOfWorkTests()
    {
        _db = new(new DbContextOptionsBuilder<SampleDbContext>()
            .UseSqlite(_files.Primary, sqlite => sqlite.ExecutionStrategy(dependencies => new RetryOnce(dependencies)))
            .Options);
        _db.Database.EnsureCreated();
        _unitOfWork = new(_db);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_failed_attempt_saved_is_written_by_the_next_one()
    {
        var attempts = 0;

        await _unitOfWork.InTransactionAsync(async token =>
        {
            await SaveCustomerAsync("only@example.com", token);
            return ++attempts == 1 ? throw new TimeoutException() : attempts;
        }, Token);

        attempts.ShouldBe(2);
        (await _db.Customers.CountAsync(Token)).ShouldBe(1);
    }

    [Fact]
    public async Task An_inner_unit_of_work_joins_the_outer_one()
    {
        await Should.ThrowAsync<InvalidOperationException>(() => _unitOfWork.InTransactionAsync<int>(async token =>
        {
            await _unitOfWork.InTransactionAsync(inner => SaveCustomerAsync("inner@example.com", inner), token);
            throw new InvalidOperationException();
        }, Token));

        (await _db.Customers.CountAsync(Token)).ShouldBe(0);
    }

    public void Dispose()
    {
        _db.Dispose();
        _files.Dispose();
    }

    private Task<int> SaveCustomerAsync(string email, CancellationToken cancellationToken)
    {
        _db.Customers.Add(new Customer(email, "Someone"));
        return _db.SaveChangesAsync(cancellationToken);
    }
}

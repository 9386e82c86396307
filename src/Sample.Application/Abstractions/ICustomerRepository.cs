using Sample.Application.Domain;

namespace Sample.Application.Abstractions;

/// <summary>The customers.</summary>
public interface ICustomerRepository
{
    /// <summary>The customer with this e-mail address, created when there is none.</summary>
    Task<(Customer Customer, bool Created)> GetOrCreateAsync(string email, string name, CancellationToken cancellationToken);
}
